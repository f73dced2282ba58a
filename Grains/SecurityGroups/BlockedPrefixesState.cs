namespace NovaOrleans.SecurityGroups;

/// <summary>What is blocked, as the rows have it.</summary>
public sealed record BlockedPrefixesState(IReadOnlyList<BlockedPrefix> Prefixes)
{
    public BlockedPrefix? Find(string cidr) => Prefixes.FirstOrDefault(p => p.Cidr == cidr);
}
