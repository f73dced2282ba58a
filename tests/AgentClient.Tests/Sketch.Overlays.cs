using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

// Networks that go on beyond the host by IP.
internal sealed partial class Sketch
{
    private readonly List<VxlanLink> _vxlans = [];

    public static string OverlayName(int network) => $"vx{network}";

    /// <summary>The network is VNI <paramref name="vni"/>, sent from <paramref name="local"/> to whom the entries say.</summary>
    public Sketch Overlay(int network, int vni, string local, params ForwardingEntry[] entries)
    {
        (Bridge bridge, bool dhcp, bool six, List<int> guests) = _networks[BridgeName(network)];
        _vxlans.Add(new VxlanLink(OverlayName(network), Vni.Create(vni), Ip4Address.Parse(local), bridge.Mtu)
        {
            Forwarding = [.. entries.Order()],
        });
        _networks[bridge.Name] = (bridge with { Uplink = OverlayName(network) }, dhcp, six, guests);
        return this;
    }

    public static ForwardingEntry Flood(string remote) => ForwardingEntry.Flood(Ip4Address.Parse(remote));

    public ForwardingEntry At(int guest, string remote) => new(Mac(guest), Ip4Address.Parse(remote));
}
