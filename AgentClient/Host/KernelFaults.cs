namespace NovaOrleans.Agent.Host;

/// <summary>What a kernel's answers mean for an operator, where its own words do not say.</summary>
public static class KernelFaults
{
    public const string NoVlans =
        "this kernel has no 802.1Q device (CONFIG_VLAN_8021Q): load the module 8021q, "
            + "or give the network no vlan_interface";
}
