using System.Security.Cryptography;
using System.Text;
using NovaOrleans.Instances;
using NovaOrleans.Ledger;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Servers;

/// <summary>A server as Compute API 1.1 shows it, with <c>vnics</c> and <c>host</c> added.</summary>
internal static class ServerResource
{
    public const string Collection = "/v1.1/servers";

    public static string PathOf(InstanceId id) => $"{Collection}/{id}";

    public static void WriteFields(ResourceWriter w, ApiRequest request, ServerDetails server)
    {
        InstanceView instance = server.Instance;
        w.Field("id", instance.Id.Value);
        w.Field("name", instance.Name);
        w.Field("status", StatusOf(instance.Status));
        w.Field("tenant_id", instance.Project.Value);
        w.Field("hostId", HostIdOf(instance));
        w.Field("host", instance.Host?.Value);
        w.Field("network_service", instance.Service.Value);
        w.Field("created", instance.CreatedAt);
        w.Field("updated", instance.UpdatedAt ?? instance.CreatedAt);
        WriteReference(w, "image", instance.ImageRef);
        WriteReference(w, "flavor", instance.FlavorRef);
        WriteFault(w, instance);
        w.BeginObject("metadata");
        foreach ((string key, string value) in instance.Metadata)
        {
            w.KeyedField(key, value, "meta");
        }

        w.EndObject();
        w.BeginList("vnics", "vnic");
        foreach (VnicId vnic in instance.Vnics)
        {
            w.Item(vnic.ToString());
        }

        w.EndList();
        w.BeginList("security_groups", "security_group");
        foreach (InstanceGroup group in server.Groups)
        {
            w.BeginItem();
            w.Field("name", group.Name);
            w.EndItem();
        }

        w.EndList();
        WriteAddresses(w, server);
        WriteLinks(w, request, instance.Id);
    }

    /// <summary><c>"addresses":{"label":[{"version":4,"addr":"10.0.0.2"}]}</c>; a label is a network's.</summary>
    public static void WriteAddresses(ResourceWriter w, ServerDetails server)
    {
        w.BeginObject("addresses");
        IEnumerable<PortView> ports = server.Vnics.SelectMany(v => v.Ports);
        foreach (IGrouping<string, PortView> network in ports.GroupBy(p => server.Labels[p.Network]))
        {
            WriteNetwork(w, network.Key, network);
        }

        w.EndObject();
    }

    /// <summary><c>"label":[{"version":4,"addr":"10.0.0.2"}]</c>, of that network alone.</summary>
    public static void WriteAddressesIn(ResourceWriter w, ServerDetails server, string label) => WriteNetwork(
        w, label, server.Vnics.SelectMany(v => v.Ports).Where(p => server.Labels[p.Network] == label));

    /// <summary>NICs as nova's os-virtual-interfaces has them, in the order of the instance's.</summary>
    public static void WriteInterfaces(ResourceWriter w, ServerDetails server)
    {
        w.BeginList("virtual_interfaces", "virtual_interface");
        foreach (VnicView vnic in server.Vnics)
        {
            w.BeginItem();
            w.Field("id", vnic.Id.Value);
            w.Field("mac_address", vnic.Mac.ToString());
            w.Field("net_id", vnic.Ports is [{ } port, ..] ? (Guid?)port.Network.Value : null);
            w.EndItem();
        }

        w.EndList();
    }

    private static void WriteNetwork(ResourceWriter w, string label, IEnumerable<PortView> ports)
    {
        w.BeginKeyedList(label, "network", "ip");
        foreach (PortView port in ports)
        {
            WriteAddress(w, 4, port.Address?.ToString());
            WriteAddress(w, 6, port.AddressV6?.ToString());
        }

        w.EndList();
    }

    public static void WriteLinks(ResourceWriter w, ApiRequest request, InstanceId id)
    {
        w.BeginList("links", "link");
        w.BeginItem();
        w.Field("rel", "self");
        w.Field("href", request.Href(PathOf(id)));
        w.EndItem();
        w.EndList();
    }

    private static void WriteAddress(ResourceWriter w, int version, string? address)
    {
        if (address is not null)
        {
            w.BeginItem();
            w.Field("version", version);
            w.Field("addr", address);
            w.EndItem();
        }
    }

    private static void WriteReference(ResourceWriter w, string name, string? reference)
    {
        if (reference is not null)
        {
            w.BeginObject(name);
            w.Field("id", reference);
            w.EndObject();
        }
    }

    private static void WriteFault(ResourceWriter w, InstanceView instance)
    {
        if (instance.Fault is { } fault)
        {
            w.BeginObject("fault");
            w.Field("code", 500);
            w.Field("message", fault);
            w.Field("created", instance.UpdatedAt ?? instance.CreatedAt);
            w.EndObject();
        }
    }

    /// <summary>1.1's word where it has one; a server that is being torn down is told as it is.</summary>
    private static string StatusOf(InstanceStatus status) => status switch
    {
        InstanceStatus.Building => "BUILD",
        InstanceStatus.Active => "ACTIVE",
        InstanceStatus.Deleting => "DELETING",
        InstanceStatus.Deleted => "DELETED",
        _ => "ERROR",
    };

    /// <summary>
    /// 1.1's opaque id: the same for two servers of a project on the same host, and tells nobody which host that is.
    /// </summary>
    private static string HostIdOf(InstanceView instance) => instance.Host is not { } host
        ? ""
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{instance.Project}\n{host}")))[..56];
}
