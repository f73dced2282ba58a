using System.Globalization;

namespace NovaOrleans.Vocabulary;

/// <summary>
/// A 48-bit unicast hardware address, printed as <c>02:1b:77:49:54:fd</c>. The default value is all zeros and is no
/// address; ordering is numerical.
/// </summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.MacAddress")]
public readonly record struct MacAddress : IComparable<MacAddress>
{
    [Id(0)]
    private readonly ulong _bits;

    private MacAddress(ulong bits) => _bits = bits;

    public const string Accepts = "six two-digit hexadecimal groups, as in 02:1b:77:49:54:fd, unicast and not all zeros";

    public ulong Bits => _bits;

    /// <summary>A locally administered unicast address with the first octet 02 and 40 random bits.</summary>
    public static MacAddress Random(Random source) =>
        new(0x02_00_00_00_00_00UL | (ulong)source.NextInt64(1L << 40));

    public static bool TryFromBits(ulong bits, out MacAddress mac)
    {
        bool good = bits is > 0 and <= 0xFFFF_FFFF_FFFF && (bits & 0x01_00_00_00_00_00UL) == 0;
        mac = good ? new MacAddress(bits) : default;
        return good;
    }

    public static bool TryParse(string? text, out MacAddress mac)
    {
        mac = default;
        if (text is null || text.Length != 17)
        {
            return false;
        }

        ulong bits = 0;
        for (int i = 0; i < 17; i += 3)
        {
            bool separated = i == 15 || text[i + 2] is ':' or '-';
            if (!separated || !byte.TryParse(
                text.AsSpan(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
            {
                return false;
            }

            bits = (bits << 8) | octet;
        }

        return TryFromBits(bits, out mac);
    }

    public static MacAddress Parse(string text) =>
        TryParse(text, out MacAddress mac) ? mac : throw new FormatException($"'{text}' is no MAC address: {Accepts}");

    /// <summary>The interface identifier of RFC 4291 appendix A (modified EUI-64).</summary>
    public ulong Eui64 => ((_bits & 0xFF_FF_FF_00_00_00UL) << 16 | 0xFF_FE_00_00_00UL | (_bits & 0xFF_FF_FFUL))
        ^ 0x02_00_00_00_00_00_00_00UL;

    public int CompareTo(MacAddress other) => _bits.CompareTo(other._bits);

    public override string ToString() => string.Create(17, _bits, static (span, bits) =>
    {
        const string hex = "0123456789abcdef";
        for (int i = 0; i < 6; i++)
        {
            int octet = (int)(bits >> (40 - (8 * i))) & 0xFF;
            span[3 * i] = hex[octet >> 4];
            span[(3 * i) + 1] = hex[octet & 0xF];
            if (i < 5)
            {
                span[(3 * i) + 2] = ':';
            }
        }
    });

    public static bool operator <(MacAddress left, MacAddress right) => left._bits < right._bits;
    public static bool operator >(MacAddress left, MacAddress right) => left._bits > right._bits;
    public static bool operator <=(MacAddress left, MacAddress right) => left._bits <= right._bits;
    public static bool operator >=(MacAddress left, MacAddress right) => left._bits >= right._bits;
}
