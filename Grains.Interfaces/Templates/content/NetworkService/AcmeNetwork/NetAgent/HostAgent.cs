using System.Globalization;
using System.Xml.Linq;

namespace AcmeNetwork.NetAgent;

/// <summary>
/// Runs on every compute host and translates: from the VNICs there to a piece of the host as it should be. It starts no program and
/// reads no clock: same VNICs, same piece. What is no more in the piece, the host takes away.
/// </summary>
internal sealed class HostAgent(IHostLink link) : INetAgent
{
    public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => link.BindVnicsToPorts(vnics);
    public Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilVerified(vnics);
    public Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilGone(vnics);
    public bool RequiresFileInjection(HostBinding binding) => false;

    /// <summary>A libvirt guest opens the tap that the host made; a guest that is a namespace needs none of this.</summary>
    public string GetInterfaceXml(HostBinding binding) => new XElement(
        "interface",
        new XAttribute("type", "ethernet"),
        new XElement("mac", new XAttribute("address", binding.Info.MacAddress)),
        new XElement("target", new XAttribute("dev", GuestPort.NameOf(binding.Vnic)), new XAttribute("managed", "no")),
        new XElement("model", new XAttribute("type", "virtio"))).ToString();

    public HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
    {
        HostFragment[] networks =
        [
            .. bindings.Where(b => b.Network is not null).OrderBy(b => b.Vnic.Value)
                .GroupBy(b => b.Network!.Network.Value).OrderBy(n => n.Key).Select(n => Network([.. n])),
        ];
        return new HostFragment
        {
            Bridges = [.. networks.SelectMany(n => n.Bridges)],
            Ports = [.. networks.SelectMany(n => n.Ports)],
            Guards = [.. networks.SelectMany(n => n.Guards)],
            DhcpScopes = [.. networks.SelectMany(n => n.DhcpScopes)],
        };
    }

    private static HostFragment Network(IReadOnlyList<HostBinding> members)
    {
        // Ids are ordered by time: the VNIC made last was told of the network as it is now.
        NetworkFacts network = members[^1].Network!;
        string bridge = network.Bridge ?? Bridge.NameOf(network.Network);
        HostBinding[] leased = [.. members.Where(b => b.Info is { IpAddress: not null, Cidr: not null, DhcpServer: not null })];
        NetworkInfo? info = leased.LastOrDefault()?.Info;
        return new HostFragment
        {
            Bridges = [new Bridge(bridge, network.Mtu, network.BridgeInterface, info is null ? [] : [AddressOf(info)])],
            Ports = [.. members.Select(b => PortOf(b, bridge, network.Mtu))],
            Guards = [.. members.Select(GuardOf)],
            DhcpScopes = info is null
                ? []
                : [
                    new DhcpScope(
                        network.Network, bridge, info.Cidr, info.DhcpServer, info.Gateway, [], network.Mtu, network.LeaseSeconds,
                        [.. leased.Select(LeaseOf)]),
                ],
        };
    }

    private static string AddressOf(NetworkInfo info) =>
        string.Create(CultureInfo.InvariantCulture, $"{info.DhcpServer}/{info.Cidr!.Value.Length}");

    private static GuestPort PortOf(HostBinding binding, string bridge, int mtu) => new(
        GuestPort.NameOf(binding.Vnic), binding.Vnic, binding.Instance, binding.NicIndex, bridge, binding.Info.MacAddress, mtu)
    {
        Up = binding.Up,
    };

    /// <summary>What a guest may send: its own MAC, its own address, and the link-local one that its kernel makes.</summary>
    private static PortGuard GuardOf(HostBinding binding) => new(
        GuestPort.NameOf(binding.Vnic), binding.Info.MacAddress, binding.Info.IpAddress is { } address ? [address] : [],
        [Ip6Address.LinkLocal(binding.Info.MacAddress)])
    {
        SecurityGroups = binding.SecurityGroups,
    };

    private static DhcpHost LeaseOf(HostBinding binding) => new(
        binding.Info.MacAddress, binding.Info.IpAddress!.Value, DnsLabel.Of(binding.HostName, binding.Info.IpAddress));
}
