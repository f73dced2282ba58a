using NovaOrleans.Http;
using NovaOrleans.Networks;
using NovaOrleans.Pools;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// A network as the API shows it: the keys of rows R25 in their order, then what this service adds to them. In XML
/// they are attributes of the same names.
/// </summary>
internal static class NetworkResource
{
    public static void Write(ResourceWriter writer, ApiRequest request, NetworkView network)
    {
        writer.BeginRoot("network");
        WriteFields(writer, request, network);
        writer.EndRoot();
    }

    /// <summary>The record with its ports, their state and what is plugged into them (rows R5).</summary>
    public static void WriteDetail(
        ResourceWriter writer, ApiRequest request, NetworkView network, IReadOnlyList<PortView> ports)
    {
        writer.BeginRoot("network");
        WriteFields(writer, request, network);
        PortResource.WriteList(writer, ports, detail: true);
        writer.EndRoot();
    }

    public static void WriteList(
        ResourceWriter writer, ApiRequest request, IEnumerable<NetworkView> networks, bool detail)
    {
        writer.BeginList("networks", "network");
        foreach (NetworkView network in networks)
        {
            writer.BeginItem();
            if (detail)
            {
                WriteFields(writer, request, network);
            }
            else
            {
                writer.Field("id", network.Id.Value);
                writer.Field("label", network.Label);
                writer.WriteLinks(request, $"networks/{network.Id}");
            }

            writer.EndItem();
        }

        writer.EndList();
    }

    private static void WriteFields(ResourceWriter writer, ApiRequest request, NetworkView network)
    {
        writer.Field("id", network.Id.Value);
        writer.Field("uuid", network.Id.Value);
        writer.Field("label", network.Label);
        writer.Field("project_id", network.Project?.Value);
        writer.Field("bridge", network.Links.Bridge);
        writer.Field("bridge_interface", network.Links.BridgeInterface);
        writer.Field("vlan", network.Links.Vlan?.Value);
        WriteAddresses(writer, network);
        writer.Field("injected", network.Injected);
        writer.Field("multi_host", network.MultiHost);
        writer.Field("share_address", network.ShareAddress);
        writer.Field("enable_dhcp", network.Links.Dhcp != "none");
        writer.Field("mtu", network.Links.Mtu);
        writer.Field("priority", network.Priority);
        writer.Field("rxtx_base", (long?)null);
        writer.Field("host", network.NetworkHost?.Value);
        writer.Field("vpn_public_address", network.Vpn?.PublicAddress);
        writer.Field("vpn_public_port", network.Vpn?.PublicPort);
        writer.Field("vpn_private_address", network.Vpn?.PrivateAddress.ToString());
        writer.Field("created_at", network.CreatedAt);
        writer.Field("updated_at", network.UpdatedAt);
        writer.Field("deleted", network.Life == NetworkLife.Deleted);
        writer.Field("deleted_at", (string?)null);
        writer.Field("firewall", network.Links.Firewall);
        writer.Field("quarantine_seconds", network.QuarantineSeconds);
        writer.Field("dhcp_domain", network.Links.Domain);
        writer.Field("dhcp_lease_time", network.Links.Dhcp == "none" ? null : (long?)network.Links.LeaseSeconds);
        writer.Field("revision", network.Revision);
        writer.WriteLinks(request, $"networks/{network.Id}");
    }

    private static void WriteAddresses(ResourceWriter writer, NetworkView network)
    {
        (Subnet4? four, Subnet6? six) = (network.Subnet4, network.Subnet6);
        writer.Field("cidr", four?.Cidr.ToString());
        writer.Field("netmask", four?.Cidr.Netmask.ToString());
        writer.Field("broadcast", four?.Cidr.Broadcast.ToString());
        writer.Field("gateway", four?.Gateway?.ToString());
        writer.Field("dhcp_server", four?.DhcpServer?.ToString());
        writer.Field("dhcp_start", network.Links.Dhcp == "none" ? null : four?.Allowed.First.ToString());
        writer.Field("dns1", four is { Dns: [{ } first, ..] } ? first.ToString() : null);
        writer.Field("dns2", four is { Dns: [_, { } second, ..] } ? second.ToString() : null);
        writer.Field("cidr_v6", six?.Cidr.ToString());
        writer.Field("gateway_v6", six?.Gateway?.ToString());
        writer.Field("netmask_v6", six?.Cidr.Length);
    }
}
