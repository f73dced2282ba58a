using System.Globalization;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>Names of links that a network's create leaves open. Each fits the kernel's 15 characters.</summary>
public static class LinkNames
{
    /// <summary>
    /// A network's own bridge, <c>nvbr</c> and the last eight digits of its id. nova put every flat network without a
    /// bridge of its own on <c>br100</c>, and so two tenants on one wire; here that takes naming the same bridge
    /// twice.
    /// </summary>
    public static string BridgeOf(NetworkId network) => "nvbr" + network.Value.ToString("N")[^8..];

    /// <summary>A VLAN's bridge, as nova named it.</summary>
    public static string BridgeOf(VlanTag tag) => $"br{tag}";

    /// <summary>A VLAN's 802.1Q link, as nova named it.</summary>
    public static string LinkOf(VlanTag tag) => string.Create(CultureInfo.InvariantCulture, $"vlan{tag}");
}
