using System.Globalization;

namespace NovaOrleans.Vocabulary;

/// <summary>An IPv4 address in dotted decimal; ordering is numerical; the default value is 0.0.0.0.</summary>
[GenerateSerializer, Immutable, Alias("nova.Ip4Address")]
public readonly record struct Ip4Address([property: Id(0)] uint Bits) : IComparable<Ip4Address>
{
    public const string Accepts = "an IPv4 address in dotted decimal, as in 10.0.0.7";

    public static bool TryParse(string? text, out Ip4Address address)
    {
        address = default;
        if (text is null || text.Length is < 7 or > 15)
        {
            return false;
        }

        uint bits = 0;
        int octets = 0;
        ReadOnlySpan<char> span = text;
        foreach (Range part in span.Split('.'))
        {
            ReadOnlySpan<char> digits = span[part];
            // A leading zero is refused: some tools read it as octal.
            if (digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0')
                || !byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
            {
                return false;
            }

            bits = (bits << 8) | octet;
            octets++;
        }

        address = new Ip4Address(bits);
        return octets == 4;
    }

    public static Ip4Address Parse(string text) =>
        TryParse(text, out Ip4Address address) ? address : throw new FormatException($"'{text}' is no {Accepts}");

    /// <summary>Neither of 0.0.0.0/8 nor multicast, broadcast or reserved.</summary>
    public bool IsOfOneHost => Bits >> 24 is > 0 and < 224;

    public int CompareTo(Ip4Address other) => Bits.CompareTo(other.Bits);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Bits >> 24}.{(Bits >> 16) & 255}.{(Bits >> 8) & 255}.{Bits & 255}");

    public static Ip4Address operator +(Ip4Address address, uint offset) => new(address.Bits + offset);
    public static bool operator <(Ip4Address left, Ip4Address right) => left.Bits < right.Bits;
    public static bool operator >(Ip4Address left, Ip4Address right) => left.Bits > right.Bits;
    public static bool operator <=(Ip4Address left, Ip4Address right) => left.Bits <= right.Bits;
    public static bool operator >=(Ip4Address left, Ip4Address right) => left.Bits >= right.Bits;
}
