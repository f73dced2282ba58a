namespace NovaOrleans.Agent;

/// <summary>
/// Where the outside is for this host, as its operator says: <paramref name="Link"/> leads there, what leaves takes
/// <paramref name="Address"/> or, without one, the link's own; null <paramref name="Link"/>: guests do not get out
/// through this host. <paramref name="Metadata"/>: whether 169.254.169.254 leads to the host.
/// </summary>
public sealed record Outside(string? Link = null, Ip4Address? Address = null, bool Metadata = false)
{
    /// <summary>An address' label is its link's name and <see cref="Mark.AddressSuffix"/>, and no longer than a name.</summary>
    public const int LongestLink = 12;

    /// <summary>The host with each translation at a link: the one that it names, or this one.</summary>
    public DesiredHost Place(DesiredHost desired) => desired with
    {
        FloatingNats = Each(desired.FloatingNats, n => n with { Interface = n.Interface ?? Link }),
        SourceNats = Each(desired.SourceNats, n => n with { Interface = n.Interface ?? Link, Address = n.Address ?? Address }),
        MetadataBridges = Metadata
            ? [.. desired.Bridges.Values.Where(b => b.Addresses.Any(IsFour)).Select(b => b.Name)]
            : desired.MetadataBridges,
    };

    private static bool IsFour(string address) => !address.Contains(':', StringComparison.Ordinal);

    private static ImmutableSortedDictionary<string, T> Each<T>(ImmutableSortedDictionary<string, T> all, Func<T, T> place) =>
        DesiredHost.Named<T>().AddRange(all.Select(a => KeyValuePair.Create(a.Key, place(a.Value))));
}
