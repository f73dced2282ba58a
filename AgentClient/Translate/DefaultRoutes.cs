namespace NovaOrleans.Agent;

/// <summary>
/// A guest has one default route: that of its first NIC that has a gateway (nova's <c>use_single_default_gateway</c>, but where
/// the first NIC has none). Two would make its way out a matter of which lease came last. Pure.
/// </summary>
public sealed class DefaultRoutes(IEnumerable<HostBinding> bindings)
{
    private readonly HashSet<MacAddress> _none =
    [
        .. bindings.Where(b => b.Info.Gateway is not null).GroupBy(b => b.Instance)
            .SelectMany(guest => guest.OrderBy(b => b.NicIndex).Skip(1)).Select(b => b.Info.MacAddress),
    ];

    public bool Has(MacAddress card) => !_none.Contains(card);

    /// <summary>What the guest is told of the NIC where it is told by a file.</summary>
    public NetworkInfo Of(NetworkInfo info) => Has(info.MacAddress) ? info : info with { Gateway = null };

    public DhcpScope Of(DhcpScope scope) => scope with
    {
        Hosts = [.. scope.Hosts.Select(h => h with { OffersRouter = h.OffersRouter && Has(h.Mac) })],
    };
}
