using System.Globalization;

namespace NovaOrleans.Vocabulary;

/// <summary>An IPv4 prefix without host bits, /8 to /30 for a network's addresses (any /0 to /32 may be written).</summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.Cidr4")]
public readonly record struct Cidr4
{
    [Id(0)]
    private readonly uint _network;

    [Id(1)]
    private readonly byte _length;

    private Cidr4(uint network, int length) => (_network, _length) = (network, (byte)length);

    public const string Accepts = "an IPv4 prefix without host bits, as in 10.0.0.0/24";

    public int Length => _length;
    public Ip4Address Network => new(_network);
    public Ip4Address Netmask => new(Mask(_length));
    public Ip4Address Broadcast => new(_network | ~Mask(_length));

    /// <summary>How many addresses it spans, the network's and the broadcast one included.</summary>
    public long Size => 1L << (32 - _length);

    private static uint Mask(int length) => length == 0 ? 0 : uint.MaxValue << (32 - length);

    public static bool TryCreate(Ip4Address network, int length, out Cidr4 cidr)
    {
        bool good = length is >= 0 and <= 32 && (network.Bits & ~Mask(length)) == 0;
        cidr = good ? new Cidr4(network.Bits, length) : default;
        return good;
    }

    public static bool TryParse(string? text, out Cidr4 cidr)
    {
        cidr = default;
        int slash = text?.IndexOf('/') ?? -1;
        return slash > 0
            && Ip4Address.TryParse(text![..slash], out Ip4Address network)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            && TryCreate(network, length, out cidr);
    }

    public static Cidr4 Parse(string text) =>
        TryParse(text, out Cidr4 cidr) ? cidr : throw new FormatException($"'{text}' is no {Accepts}");

    /// <summary>What the text would be without its host bits, for the sentence of a refusal; null if it is no prefix at all.</summary>
    public static string? WithoutHostBits(string? text)
    {
        int slash = text?.IndexOf('/') ?? -1;
        return slash > 0 && Ip4Address.TryParse(text![..slash], out Ip4Address address)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            && length <= 32
            ? new Cidr4(address.Bits & Mask(length), length).ToString()
            : null;
    }

    public bool Contains(Ip4Address address) => (address.Bits & Mask(_length)) == _network;
    public bool Overlaps(Cidr4 other) => Contains(other.Network) || other.Contains(Network);
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{_length}");
}

/// <summary>An IPv6 prefix without host bits.</summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.Cidr6")]
public readonly record struct Cidr6
{
    [Id(0)]
    private readonly Ip6Address _network;

    [Id(1)]
    private readonly byte _length;

    private Cidr6(Ip6Address network, int length) => (_network, _length) = (network, (byte)length);

    public const string Accepts = "an IPv6 prefix without host bits, as in fd00:1::/64";

    public int Length => _length;
    public Ip6Address Network => _network;

    private static UInt128 Bits(Ip6Address a) => new(a.High, a.Low);
    private static UInt128 Mask(int length) => length == 0 ? 0 : UInt128.MaxValue << (128 - length);

    public static bool TryParse(string? text, out Cidr6 cidr)
    {
        cidr = default;
        int slash = text?.IndexOf('/') ?? -1;
        if (slash <= 0 || !Ip6Address.TryParse(text![..slash], out Ip6Address network)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length > 128 || (Bits(network) & ~Mask(length)) != 0)
        {
            return false;
        }

        cidr = new Cidr6(network, length);
        return true;
    }

    public static Cidr6 Parse(string text) =>
        TryParse(text, out Cidr6 cidr) ? cidr : throw new FormatException($"'{text}' is no {Accepts}");

    public bool Contains(Ip6Address address) => (Bits(address) & Mask(_length)) == Bits(_network);
    public bool Overlaps(Cidr6 other) => Contains(other.Network) || other.Contains(Network);

    /// <summary>The stateless address of a MAC in this prefix (RFC 4862); the prefix is a /64.</summary>
    public Ip6Address AddressOf(MacAddress mac) => new(_network.High, mac.Eui64);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_network}/{_length}");
}
