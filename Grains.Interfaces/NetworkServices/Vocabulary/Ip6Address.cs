using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NovaOrleans.Vocabulary;

/// <summary>An IPv6 address, printed as RFC 5952 says; no zone, no port; ordering is numerical.</summary>
[GenerateSerializer, Immutable, Alias("nova.Ip6Address")]
public readonly record struct Ip6Address([property: Id(0)] ulong High, [property: Id(1)] ulong Low)
    : IComparable<Ip6Address>
{
    public const string Accepts = "an IPv6 address, as in fd00::7";

    public static bool TryParse(string? text, out Ip6Address address)
    {
        address = default;
        // IPAddress also takes zones, brackets and IPv4-mapped shorthand; those are no addresses of a network.
        if (text is null || text.AsSpan().IndexOfAny("%[]/") >= 0 || !IPAddress.TryParse(text, out IPAddress? parsed)
            || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = new Ip6Address(
            BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        return true;
    }

    public static Ip6Address Parse(string text) =>
        TryParse(text, out Ip6Address address) ? address : throw new FormatException($"'{text}' is no {Accepts}");

    /// <summary>The link-local address a kernel derives from a MAC (RFC 4862 5.3).</summary>
    public static Ip6Address LinkLocal(MacAddress mac) => new(0xfe80_0000_0000_0000UL, mac.Eui64);

    public int CompareTo(Ip6Address other) =>
        High == other.High ? Low.CompareTo(other.Low) : High.CompareTo(other.High);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(bytes).ToString();
    }

    public static bool operator <(Ip6Address left, Ip6Address right) => left.CompareTo(right) < 0;
    public static bool operator >(Ip6Address left, Ip6Address right) => left.CompareTo(right) > 0;
    public static bool operator <=(Ip6Address left, Ip6Address right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Ip6Address left, Ip6Address right) => left.CompareTo(right) >= 0;
}
