using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>A network service of the tests' own: a bridge a network, guarded ports, and DHCP where its facts say so.</summary>
internal sealed class SketchService(string path) : INetworkService
{
    public ServicePath Path { get; } = ServicePath.Parse(path);
    public string Version => "1.0";
    public int ContractVersion => NetworkServiceContract.Version;

    public IOsService GetOsService(INetworkServiceHost host) => throw new NotSupportedException("not on a host");

    public IOsApiService GetOsApiService(INetworkServiceHost host) => throw new NotSupportedException("not on a host");

    public INetAgent GetNetAgent(IHostLink link) => new SketchAgent(link);
}

internal sealed class SketchAgent(IHostLink link) : INetAgent
{
    public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => link.BindVnicsToPorts(vnics);

    public Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilVerified(vnics);

    public Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilGone(vnics);

    public bool RequiresFileInjection(HostBinding binding) => binding.Network!.Injected;

    public string GetInterfaceXml(HostBinding binding) =>
        $"<interface type='{(binding.Network!.Bridge == "theirs" ? "bridge" : "ethernet")}'><mac address='{binding.Info.MacAddress}'/>"
        + $"<target dev='{GuestPort.NameOf(binding.Vnic)}'/></interface>";

    public HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
    {
        NetworkFacts[] networks = [.. bindings.Select(b => b.Network!).DistinctBy(n => n.Bridge)];
        return new HostFragment
        {
            Bridges = [.. networks.Select(n => new Bridge(n.Bridge!, n.Mtu, n.BridgeInterface, []))],
            Ports = [.. bindings.Select(b => new GuestPort(
                GuestPort.NameOf(b.Vnic), b.Vnic, b.Instance, b.NicIndex, b.Network!.Bridge!, b.Info.MacAddress, b.Network.Mtu))],
            Guards = [.. bindings.Select(b => new PortGuard(
                GuestPort.NameOf(b.Vnic), b.Info.MacAddress, b.Info.IpAddress is { } a ? [a] : [], []))],
        };
    }
}
