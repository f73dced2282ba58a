using System.Globalization;

namespace NovaOrleans.Vocabulary;

/// <summary>A VXLAN network identifier (RFC 7348), 1 to 16,777,215: what VLAN ids are to a wire, on IP.</summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.Vni")]
public readonly record struct Vni
{
    [Id(0)]
    private readonly int _value;

    private Vni(int value) => _value = value;

    public const string Accepts = "a VXLAN network identifier from 1 to 16777215";
    public const int Lowest = 1;
    public const int Highest = 16_777_215;

    public int Value => _value;

    public static bool TryCreate(int value, out Vni vni)
    {
        bool good = value is >= Lowest and <= Highest;
        vni = good ? new Vni(value) : default;
        return good;
    }

    public static Vni Create(int value) =>
        TryCreate(value, out Vni vni) ? vni : throw new FormatException($"{value} is not {Accepts}");

    public static bool TryParse(string? text, out Vni vni)
    {
        vni = default;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && TryCreate(value, out vni);
    }

    public override string ToString() => _value.ToString(CultureInfo.InvariantCulture);
}
