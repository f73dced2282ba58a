using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.Vlan;

/// <summary>
/// A project's first VNIC takes a free network for the project alone, as nova's VlanManager did on first use; a VLAN
/// is never shared.
/// </summary>
internal static class VlanChoice
{
    public static NetworkChoice Networks { get; } = new(FreeNetworks.Take) { HasVpn = true };
}
