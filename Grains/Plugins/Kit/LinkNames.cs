using System.Globalization;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>Names of links that a network's create leaves open. Each fits the kernel's 15 characters.</summary>
public static class LinkNames
{
    /// <summary>A VLAN's 802.1Q link, as nova named it.</summary>
    public static string LinkOf(VlanTag tag) => string.Create(CultureInfo.InvariantCulture, $"vlan{tag}");
}
