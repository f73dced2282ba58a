namespace NovaOrleans.SecurityGroups;

/// <summary>
/// What is blocked for every guest of the cloud, whatever its groups say (nova's provider-wide rules). One activation in the
/// cluster; key 0.
/// </summary>
[Alias("nova.IBlockedPrefixesGrain"), Repeatable]
public interface IBlockedPrefixesGrain : IGrainWithIntegerKey
{
    /// <summary>In the order in which they were blocked.</summary>
    [Alias("List")]
    Task<IReadOnlyList<BlockedPrefix>> List();

    /// <summary>Hosts drop what comes from it and goes to it. Blocking it twice is done already.</summary>
    [Alias("Block")]
    Task<Outcome<BlockedPrefix>> Block(string cidr, string actor);

    /// <summary>Letting go what is not blocked is done already.</summary>
    [Alias("Unblock")]
    Task<Outcome> Unblock(long rowId, string actor);
}

/// <summary>An IPv4 or IPv6 prefix without host bits.</summary>
[GenerateSerializer, Immutable, Alias("nova.BlockedPrefix")]
public sealed record BlockedPrefix(long RowId, string Cidr, DateTimeOffset CreatedAt);
