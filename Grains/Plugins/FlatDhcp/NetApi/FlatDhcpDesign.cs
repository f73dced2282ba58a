using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.FlatDhcp;

/// <summary>.1 is the compute host, as gateway and DHCP server; guests get the addresses from .2 on.</summary>
internal static class FlatDhcpDesign
{
    public static NetworkDesign Of(FlatDhcpOptions options) => new()
    {
        Injected = false,
        HostIsGateway = true,
        HasVlan = false,
        FirstAddress = 2,
        Defaults = options.Networks,
    };
}
