using System.Xml.Linq;
using NovaOrleans.NetworkServices.Host;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// A net-agent for networks on Linux bridges: one bridge a network, one port a VNIC, one guard a port. As it stands
/// the host has no address on the bridge and gives no leases; a service that wants these overrides what it wants
/// otherwise.
/// </summary>
public class KitNetAgent(IHostLink link) : INetAgent
{
    public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => link.BindVnicsToPorts(vnics);
    public Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilVerified(vnics);
    public Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilGone(vnics);
    public virtual bool RequiresFileInjection(HostBinding binding) => false;

    /// <summary>
    /// The guest opens a tap that the host made, guarded and put on its bridge before: so nothing can leave it unguarded,
    /// and which switch it is on is no business of libvirt's.
    /// </summary>
    public string GetInterfaceXml(HostBinding binding)
    {
        NetworkFacts network = binding.Network
            ?? throw new ArgumentException($"VNIC {binding.Vnic} has no network to plug into.", nameof(binding));
        return new XElement(
            "interface",
            new XAttribute("type", "ethernet"),
            new XElement("mac", new XAttribute("address", binding.Info.MacAddress)),
            new XElement(
                "target", new XAttribute("dev", GuestPort.NameOf(binding.Vnic)), new XAttribute("managed", "no")),
            new XElement("model", new XAttribute("type", "virtio")),
            new XElement("mtu", new XAttribute("size", network.Mtu))).ToString();
    }

    /// <summary>
    /// One network after the other in the order of their ids, and its VNICs in the order of theirs, so that the order
    /// in which the host was told does not show. A binding without network has nothing to be plugged into, and gives
    /// nothing. Of a network that this host serves for others, their VNICs count too, but for ports.
    /// </summary>
    public HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
    {
        var pieces = new FragmentBuilder();
        HashSet<VnicId> own = [.. bindings.Select(b => b.Vnic)];
        foreach (IGrouping<Guid, (HostBinding Binding, bool Here)> network in bindings.Select(b => (Binding: b, Here: true))
            // One that has just come here may still be told of as elsewhere.
            .Concat(elsewhere.Where(m => !own.Contains(m.Binding.Vnic)).Select(m => (m.Binding, Here: false)))
            .Where(m => m.Binding.Network is { } network && (m.Here || IsNetworkHost(network)))
            .OrderBy(m => m.Binding.Network!.Network.Value)
            .ThenBy(m => m.Binding.Vnic.Value)
            .GroupBy(m => m.Binding.Network!.Network.Value))
        {
            TranslateNetwork([.. network.Where(m => m.Here).Select(m => m.Binding)], [.. network.Select(m => m.Binding)], pieces);
        }

        return pieces.Build();
    }

    /// <summary>The link to enslave to the bridge; null for a bridge without one.</summary>
    protected virtual string? UplinkOf(NetworkFacts network) => network.BridgeInterface;

    /// <summary>The 802.1Q link that the uplink is, where it is one.</summary>
    protected virtual VlanLink? VlanLinkOf(NetworkFacts network) => null;

    /// <summary>The host's own addresses on the bridge, with prefix length.</summary>
    protected virtual IEnumerable<string> HostAddressesOf(NetworkInfo info) => [];

    /// <summary>What leases the network gives; null for none.</summary>
    protected virtual DhcpScope? DhcpScopeOf(
        NetworkFacts network, string bridge, IReadOnlyList<HostBinding> bindings) => null;

    /// <summary>Which addresses the host translates for the network's VNICs; nothing else of the fragment counts.</summary>
    protected virtual HostFragment NatOf(
        NetworkFacts network, string bridge, IReadOnlyList<HostBinding> bindings) => HostFragment.Empty;

    private bool IsNetworkHost(NetworkFacts network) => network.NetworkHost is { } only && only == link.Host;

    private static string BridgeOf(NetworkFacts network) => network.Bridge ?? Bridge.NameOf(network.Network);

    private void TranslateNetwork(
        IReadOnlyList<HostBinding> bindings, IReadOnlyList<HostBinding> members, FragmentBuilder pieces)
    {
        // Ids are ordered by time: the VNIC made last was told of the network as it is now.
        NetworkFacts network = members[^1].Network!;
        string bridge = BridgeOf(network);
        bool serves = network.NetworkHost is null || IsNetworkHost(network);
        IEnumerable<string> addresses = serves ? members.SelectMany(b => HostAddressesOf(b.Info)).Distinct() : [];
        pieces.Add(new Bridge(bridge, network.Mtu, UplinkOf(network), [.. addresses])
        {
            SharesAddresses = network.NetworkHost is null,
        });
        if (VlanLinkOf(network) is { } vlan)
        {
            pieces.Add(vlan);
        }

        foreach (HostBinding binding in bindings)
        {
            string port = GuestPort.NameOf(binding.Vnic);
            pieces.Add(new GuestPort(
                port, binding.Vnic, binding.Instance, binding.NicIndex, bridge, binding.Info.MacAddress, network.Mtu)
            {
                Up = binding.Up,
            });
            if (network.Firewall != "none")
            {
                pieces.Add(GuardOf(port, binding.Info) with { SecurityGroups = binding.SecurityGroups });
            }
        }

        if (serves)
        {
            if (DhcpScopeOf(network, bridge, members) is { } scope)
            {
                pieces.Add(scope);
            }

            pieces.AddNat(NatOf(network, bridge, members));
        }
    }

    /// <summary>The VNIC's own addresses, and the link-local one that its kernel makes of the MAC.</summary>
    private static PortGuard GuardOf(string port, NetworkInfo info)
    {
        var addresses = new SortedSet<Ip4Address>();
        var addressesV6 = new SortedSet<Ip6Address> { Ip6Address.LinkLocal(info.MacAddress) };
        if (info.IpAddress is { } address)
        {
            addresses.Add(address);
        }

        if (info.AddressV6 is { } addressV6)
        {
            addressesV6.Add(addressV6);
        }

        foreach (string further in info.Additional)
        {
            if (Ip4Address.TryParse(further, out Ip4Address four))
            {
                addresses.Add(four);
            }
            else if (Ip6Address.TryParse(further, out Ip6Address six))
            {
                addressesV6.Add(six);
            }
        }

        return new PortGuard(port, info.MacAddress, [.. addresses], [.. addressesV6]);
    }
}
