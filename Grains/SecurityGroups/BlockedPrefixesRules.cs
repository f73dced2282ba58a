using System.Globalization;

namespace NovaOrleans.SecurityGroups;

/// <summary>What may be blocked for everybody.</summary>
public static class BlockedPrefixesRules
{
    /// <summary>As many as a host's set and a record to a host are meant for.</summary>
    public const int Most = 1000;

    public static Outcome<string> Block(BlockedPrefixesState state, string text)
    {
        if ((Cidr4.WithoutHostBits(text) ?? (Cidr6.TryParse(text, out Cidr6 six) ? $"{six}" : null)) is not { } cidr)
        {
            return new Refusal(
                RefusalCode.MalformedRequest,
                $"Field 'cidr' was '{text}'; accepted is an IPv4 or IPv6 prefix, as in 198.51.100.0/24 or 2001:db8::/32.", Field: "cidr");
        }

        return state.Prefixes.Count < Most || state.Find(cidr) is not null ? cidr : new Refusal(
            RefusalCode.Conflict,
            string.Create(CultureInfo.InvariantCulture, $"{Most} prefixes are blocked, and more are not taken; unblock one first."),
            Field: "cidr");
    }
}
