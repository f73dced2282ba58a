using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Ec2;

/// <summary>EC2's ids: a kind and the number of a row, in eight hexadecimal digits, as nova had them.</summary>
public static class Ec2Ids
{
    public const string Instance = "i";
    public const string Reservation = "r";
    public const string Allocation = "eipalloc";
    public const string Association = "eipassoc";
    public const string Group = "sg";
    public const string Rule = "sgr";

    public static string Of(string kind, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}-{number:x8}");

    public static bool TryRead(string kind, string? text, out long number)
    {
        number = 0;
        return text is { Length: <= 40 } && text.StartsWith(kind + "-", StringComparison.Ordinal)
            && long.TryParse(
                text.AsSpan(kind.Length + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            && number > 0 && Of(kind, number) == text;
    }

    /// <summary>
    /// An image's, which has no row: of its id alone, so that it is the same on every server and after every change of the list.
    /// </summary>
    public static string OfImage(string id) =>
        "ami-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..8];

    /// <summary>Of one launch; an instance that was launched by another API has one of its own.</summary>
    public static string ReservationOf(Instances.LaunchDetails launch, long instance) =>
        launch.Reservation ?? Of(Reservation, instance);
}
