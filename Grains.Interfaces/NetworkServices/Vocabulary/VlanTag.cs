using System.Globalization;

namespace NovaOrleans.Vocabulary;

/// <summary>An 802.1Q VLAN id, 1 to 4094; 0 and 4095 are reserved by the standard and cannot be made.</summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.VlanTag")]
public readonly record struct VlanTag
{
    [Id(0)]
    private readonly ushort _value;

    private VlanTag(int value) => _value = (ushort)value;

    public const string Accepts = "a VLAN id from 1 to 4094";
    public const int Lowest = 1;
    public const int Highest = 4094;

    public int Value => _value;

    public static bool TryCreate(int value, out VlanTag tag)
    {
        bool good = value is >= Lowest and <= Highest;
        tag = good ? new VlanTag(value) : default;
        return good;
    }

    public static VlanTag Create(int value) =>
        TryCreate(value, out VlanTag tag) ? tag : throw new FormatException($"{value} is not {Accepts}");

    public override string ToString() => _value.ToString(CultureInfo.InvariantCulture);
}
