using System.Collections.Immutable;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>
/// Desired hosts in a few words: networks are numbered, guests too, and their addresses follow from that.
/// </summary>
internal sealed partial class Sketch
{
    public static readonly ServicePath Service = ServicePath.Parse("test.sketch");

    private readonly Dictionary<string, (Bridge Bridge, bool Dhcp, bool Six, List<int> Guests)> _networks = [];
    private readonly List<VlanLink> _vlans = [];
    private readonly Func<InstanceSpec, GuestAttachment> _attachment;
    private readonly int _salt;

    /// <summary><paramref name="salt"/> keeps two tests' instances apart.</summary>
    public Sketch(Func<InstanceSpec, GuestAttachment> attachment, int salt = 0) => (_attachment, _salt) = (attachment, salt);

    public static string BridgeName(int network) => $"br{network}";

    public static Ip4Address Address(int network, int guest) => Ip4Address.Parse($"10.{network}.0.{guest + 10}");

    public static Ip4Address Gateway(int network) => Ip4Address.Parse($"10.{network}.0.1");

    public MacAddress Mac(int guest) =>
        MacAddress.TryFromBits(0x02_00_00_00_00_00UL | ((ulong)(ushort)_salt << 16) | (uint)guest, out MacAddress mac)
            ? mac : throw new ArgumentOutOfRangeException(nameof(guest));

    public VnicId Vnic(int guest) => new(Id(1, guest));

    public string PortName(int guest) => GuestPort.NameOf(Vnic(guest));

    public InstanceSpec Spec(int guest) => new(
        new InstanceId(Id(2, guest)), $"guest-{guest}", ProjectId.Parse("p"), [Vnic(guest)]);

    private Guid Id(short kind, int guest) => new(
        _salt, kind, 0, 0, 0, 0, (byte)(_salt >> 16), (byte)(_salt >> 8), (byte)_salt, (byte)(guest >> 8), (byte)guest);

    public string Space(int guest) => NamespacesDriver.SpaceOf(Spec(guest).Id);

    public static NetworkId Network(int network) => new(new Guid(network, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9));

    /// <summary>
    /// A network with these guests on it, a gateway address on its bridge, and DHCP and router advertisements if asked for.
    /// </summary>
    public Sketch With(int network, int[] guests, bool dhcp = false, int mtu = 1500, bool six = false)
    {
        string[] four = [$"{Gateway(network)}/24"];
        string[] addresses = six ? [.. four, $"fd00:{network}::1/64", DhcpScope.RouterLinkLocal] : four;
        _networks[BridgeName(network)] = (new(BridgeName(network), mtu, null, addresses), dhcp, six, [.. guests]);
        return this;
    }

    /// <summary>
    /// A network that goes on beyond this host: over a link, or over VLAN <paramref name="tag"/> of it.
    /// </summary>
    public Sketch Over(string uplink, int network, int? tag = null)
    {
        (Bridge bridge, bool dhcp, bool six, List<int> guests) = _networks[BridgeName(network)];
        string link = tag is null ? uplink : $"vlan{tag}";
        if (tag is { } id)
        {
            _vlans.Add(new VlanLink(link, uplink, VlanTag.Create(id), bridge.Mtu));
        }

        _networks[bridge.Name] = (bridge with { Uplink = link }, dhcp, six, guests);
        return this;
    }

    /// <summary>The host's own address in the network's IPv6 prefix.</summary>
    public Sketch WithGateway6(int network)
    {
        (Bridge bridge, bool dhcp, bool six, List<int> guests) = _networks[BridgeName(network)];
        _networks[bridge.Name] = (bridge with { Addresses = [.. bridge.Addresses, $"fd00:{network}::1/64"] }, dhcp, six, guests);
        return this;
    }

    public Ip6Address Address6(int network, int guest) => Prefix(network).AddressOf(Mac(guest));

    private static Cidr6 Prefix(int network) => Cidr6.Parse($"fd00:{network}::/64");

    public DesiredHost Build()
    {
        DesiredHost host = DesiredHost.Empty with
        {
            VlanLinks = DesiredHost.Named<VlanLink>().AddRange(_vlans.Select(v => KeyValuePair.Create(v.Name, v))),
            VxlanLinks = DesiredHost.Named<VxlanLink>().AddRange(_vxlans.Select(v => KeyValuePair.Create(v.Name, v))),
        };
        foreach ((Bridge bridge, bool dhcp, bool six, List<int> guests) in _networks.Values)
        {
            int network = int.Parse(bridge.Name[2..], System.Globalization.CultureInfo.InvariantCulture);
            host = host with { Bridges = host.Bridges.Add(bridge.Name, bridge) };
            host = guests.Aggregate(host, (h, guest) => AddGuest(h, bridge, network, guest));
            DhcpHost[] hosts =
            [
                .. guests.Select(g => new DhcpHost(Mac(g), Address(network, g), $"guest-{g}")
                {
                    AddressV6 = six ? Address6(network, g) : null,
                }),
            ];
            DhcpScope scope = new(
                Network(network), bridge.Name, Cidr4.Parse($"10.{network}.0.0/24"), Gateway(network), Gateway(network),
                [Gateway(network)], bridge.Mtu, 3600, hosts)
            {
                Domain = "novalocal",
                AdvertisedPrefix = six ? Prefix(network) : null,
            };
            host = dhcp ? host with { DhcpScopes = host.DhcpScopes.Add(scope.Network.ToString(), scope) } : host;
        }

        return Grouped(host);
    }

    private DesiredHost AddGuest(DesiredHost host, Bridge bridge, int network, int guest)
    {
        InstanceSpec spec = Spec(guest);
        GuestPort port = new(PortName(guest), Vnic(guest), spec.Id, 0, bridge.Name, Mac(guest), bridge.Mtu);
        return host with
        {
            Ports = host.Ports.Add(port.Name, new PlacedPort(port, _attachment(spec), Service)),
            Guards = host.Guards.Add(
                port.Name, new PortGuard(port.Name, Mac(guest), [Address(network, guest)], [Address6(network, guest)])),
            // A tap waits for a hypervisor, which the tests' hosts have none of: that guest is somebody else's.
            Guests = _attachment(spec) is OpenedByHypervisor ? host.Guests : host.Guests.Add(
                spec.Id.ToString(),
                new WantedGuest(spec, Complete: true, Lost: false, ImmutableDictionary<string, string>.Empty)),
        };
    }
}
