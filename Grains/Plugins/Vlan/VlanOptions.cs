using Microsoft.Extensions.Configuration;
using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.Vlan;

/// <summary>
/// What an operator sets for the service. <paramref name="VlanInterface"/> is the hosts' link that carries the VLANs;
/// without it a network's bridge has no uplink. <paramref name="VpnPublicAddress"/> is where the projects' VPNs are
/// reached; without it networks have no VPN.
/// </summary>
public sealed record VlanOptions(
    NetworkDefaults Networks, string? VlanInterface, int VlanStart, int VpnStart, string? VpnPublicAddress)
{
    /// <exception cref="FormatException">A key is unknown or its value is not accepted.</exception>
    public static VlanOptions Read(IConfiguration section) => ServiceOptions.Read(section, body => new VlanOptions(
        ServiceOptions.Defaults(body),
        body.Link("vlan_interface"),
        NetworkFields.VlanStart(body) ?? 100,
        NetworkFields.VpnStart(body) ?? 1000,
        NetworkFields.VpnPublicAddress(body)));
}
