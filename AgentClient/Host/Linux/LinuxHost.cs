namespace NovaOrleans.Agent.Host;

/// <summary>
/// The real host, through iproute2, nftables and dnsmasq: one process or transaction a phase, not one an object. Its state folder
/// holds what the kernel cannot: the DHCP servers' files, and the digest of our firewall rules.
/// </summary>
public sealed class LinuxHost : IHostNetwork
{
    private readonly LinkReader _reader;
    private readonly LinkBatch _links;
    private readonly ForwardingTables _forwarding;
    private readonly NftTables _firewall;
    private readonly DnsmasqServers _dhcp;
    private readonly OutsideLinks _outside;
    private readonly OvsSwitch? _switch;
    private readonly BridgeFilterModule _filter;

    /// <param name="runner">Starts the tools.</param>
    /// <param name="stateFolder">Survives the agent; made if it is not there.</param>
    /// <param name="space">The named network namespace that plays the host; null for the agent's own.</param>
    /// <param name="ovs">Where Open vSwitch is, on a host that has it for its switch.</param>
    public LinuxHost(ProcessRunner runner, string stateFolder, string? space = null, OvsAccess? ovs = null)
    {
        Directory.CreateDirectory(stateFolder);
        HostTools tools = new(runner, space);
        _forwarding = new ForwardingTables(tools);
        _reader = new LinkReader(tools, _forwarding);
        _links = new LinkBatch(tools, new BridgeCards(Path.Combine(stateFolder, "host.id")));
        _firewall = new NftTables(tools, Path.Combine(stateFolder, "firewall.digest"));
        _dhcp = new DnsmasqServers(tools, new DnsmasqFiles(Path.Combine(stateFolder, "dhcp")));
        _outside = new OutsideLinks(tools);
        _filter = new BridgeFilterModule(tools);
        _switch = ovs is null ? null : new OvsSwitch(tools, ovs);
    }

    public async Task<ActualHost> Observe(CancellationToken stop)
    {
        Task<ImmutableSortedDictionary<string, ActualLink>> links = _reader.Read(stop);
        Task<BridgeFilter> filter = _filter.Read(stop);
        ActualFirewall firewall = await _firewall.Read(stop);
        bool forwards = firewall.Elements.Any(e => e.Set is "ways_out" or "forwards") && await _outside.Forwards(stop);
        ActualSwitch? found = _switch is null ? null : await _switch.Read(stop);
        return new ActualHost
        {
            Links = await links,
            Switch = found,
            Firewall = firewall,
            BridgeFilter = await filter,
            Forwards = forwards,
            Dhcp = _dhcp.Read(),
        };
    }

    public Task<Ip4Address?> OwnAddress(CancellationToken stop) => _outside.OwnAddress(stop);

    public async Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<Step> batch, CancellationToken stop)
    {
        if (batch.Count == 0)
        {
            return [];
        }

        try
        {
            return batch[0].Phase switch
            {
                Phase.StopDhcp or Phase.Dhcp => await Task.WhenAll(batch.Select(s => _dhcp.Run(s, stop))),
                Phase.Switch or Phase.RemoveSwitch when _switch is not null => await _switch.Run(batch, stop),
                Phase.Forwarding => await _forwarding.Run(batch, stop),
                Phase.Outside => await _outside.Run(batch, stop),
                Phase.OpenFirewall or Phase.CloseFirewall =>
                [
                    .. await _filter.Run([.. batch.OfType<LoadBridgeFilter>()], stop),
                    .. await _firewall.Run([.. batch.Where(s => s is not LoadBridgeFilter)], stop),
                ],
                _ => await _links.Run(batch, stop),
            };
        }
        catch (OperatingFaultException e)
        {
            return [.. batch.Select(s => new StepResult(s, e.Message))];
        }
    }
}
