using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.Vlan;

/// <summary>
/// .1 is the compute host, .2 the project's VPN, guests get the addresses from .3 on. The VLAN id is given, or the
/// lowest free one; it names the bridge.
/// </summary>
internal static class VlanDesign
{
    public static NetworkDesign Of(VlanOptions options) => new()
    {
        Injected = false,
        HostIsGateway = true,
        HasVlan = true,
        FirstAddress = 3,
        VpnAddress = 2,
        VpnPublicAddress = options.VpnPublicAddress,
        VlanStart = options.VlanStart,
        VpnStart = options.VpnStart,
        Defaults = options.Networks with
        {
            BridgeInterface = options.VlanInterface ?? options.Networks.BridgeInterface,
        },
    };
}
