namespace NovaOrleans;

/// <summary>
/// A network service as small as one can be: it plugs a project's VNICs into the network that the range grain names.
/// <paramref name="takeFree"/> is the policy of VLANs, where a project takes a network for itself.
/// </summary>
internal sealed class PlainNetworkService(ServicePath path, bool takeFree) : INetworkService, IOsService, IOsApiService
{
    private INetworkServiceHost? _host;

    /// <summary>What it does before it binds: counts, say, or what a bug would.</summary>
    public Action? BeforeBinding { get; init; }

    public ServicePath Path => path;
    public string Version => "1.0.0";
    public int ContractVersion => NetworkServiceContract.Version;

    private IGrainFactory Grains => _host!.Grains;

    public IOsService GetOsService(INetworkServiceHost host)
    {
        _host = host;
        return this;
    }

    public IOsApiService GetOsApiService(INetworkServiceHost host) => this;

    public INetAgent GetNetAgent(IHostLink link) => throw new NotSupportedException("no agent runs here");

    public void MapRoutes(INetworkRoutes routes)
    {
    }

    public Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics) => Task.FromResult(Outcome.Done);

    public async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic) =>
        (await Grains.GetGrain<IVnicGrain>(vnic.Value).Create(new CreateCard(path, project, "test"))).Refusal is { } refusal
            ? refusal
            : vnic;

    public async Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics)
    {
        BeforeBinding?.Invoke();
        foreach (VnicId id in vnics)
        {
            if (!(await Grains.GetGrain<IVnicGrain>(id.Value).Describe()).Try(out VnicView? vnic, out Refusal? refusal))
            {
                return refusal;
            }

            if (vnic.Ports.Count > 0)
            {
                continue;
            }

            if (!(await Grains.GetGrain<INetworkRangeGrain>(path.Value).NetworkFor(project, takeFree, shared: !takeFree))
                .Try(out NetworkId network, out refusal))
            {
                return refusal;
            }

            Outcome<PortView> plugged = await Grains.GetGrain<IFixedIpPoolGrain>(network.Value)
                .Plug(new PlugVnic(id, vnic.Mac, project, "test"));
            if (plugged.Refused)
            {
                return plugged.Refusal;
            }
        }

        return Outcome.Done;
    }

    public Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project) => Task.FromResult<VpnEndpoint?>(null);
}
