namespace NovaOrleans.Agent.Host;

/// <summary>What a kernel's answers mean for an operator, where its own words do not say.</summary>
public static class KernelFaults
{
    public const string NoVlans =
        "this kernel has no 802.1Q device (CONFIG_VLAN_8021Q): load the module 8021q, "
            + "or give the network no vlan_interface";

    public const string NoVxlans = "this kernel has no VXLAN device (CONFIG_VXLAN): load the module vxlan";

    public const string NoBridgeFilter =
        "this kernel has no br_netfilter (CONFIG_BRIDGE_NETFILTER), so that security groups cannot look at what is bridged; "
            + "nothing comes in to their ports";

    public static string UnfilteredBridge(string bridge) =>
        $"bridged packets of {bridge} are not handed to the firewall and it is not ours to change: set "
            + "net.bridge.bridge-nf-call-iptables and -ip6tables to 1; until then nothing comes in to ports with security groups";
}
