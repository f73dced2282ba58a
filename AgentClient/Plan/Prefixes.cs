namespace NovaOrleans.Agent;

/// <summary>Prefixes as nft prints them, without those that others hold already: an interval set takes none twice. Pure.</summary>
internal static class Prefixes
{
    public static bool IsSix(string text) => text.Contains(':', StringComparison.Ordinal);

    /// <summary>The widest of them, in order. What is no prefix is left out, and lets nothing in.</summary>
    public static IReadOnlyList<string> Widest(IEnumerable<string> prefixes)
    {
        List<Cidr4> four = [];
        List<Cidr6> six = [];
        foreach (string text in prefixes)
        {
            if (Cidr4.TryParse(text, out Cidr4 cidr4))
            {
                four.Add(cidr4);
            }
            else if (Cidr6.TryParse(text, out Cidr6 cidr6))
            {
                six.Add(cidr6);
            }
        }

        return
        [
            .. four.Distinct().Where(c => !four.Any(o => o.Length < c.Length && o.Overlaps(c)))
                .OrderBy(c => c.Network).ThenBy(c => c.Length).Select(c => c.Length == 32 ? $"{c.Network}" : $"{c}"),
            .. six.Distinct().Where(c => !six.Any(o => o.Length < c.Length && o.Overlaps(c)))
                .OrderBy(c => c.Network).ThenBy(c => c.Length).Select(c => c.Length == 128 ? $"{c.Network}" : $"{c}"),
        ];
    }
}
