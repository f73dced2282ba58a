namespace NovaOrleans.Vocabulary;

/// <summary>An inclusive range of IPv4 addresses, first ≤ last.</summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.AddressRange")]
public readonly record struct AddressRange
{
    [Id(0)]
    public Ip4Address First { get; }

    [Id(1)]
    public Ip4Address Last { get; }

    private AddressRange(Ip4Address first, Ip4Address last) => (First, Last) = (first, last);

    public long Size => (long)Last.Bits - First.Bits + 1;

    public static bool TryCreate(Ip4Address first, Ip4Address last, out AddressRange range)
    {
        range = first <= last ? new AddressRange(first, last) : default;
        return first <= last;
    }

    public bool Contains(Ip4Address address) => First <= address && address <= Last;
    public override string ToString() => $"{First}-{Last}";
}
