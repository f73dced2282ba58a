using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaOrleans.Agent;

/// <summary>
/// The drive that tells a guest with a disk who it is and what its NICs are, in the two layouts that cloud-init knows:
/// OpenStack's config drive (<c>openstack/latest</c>; nova's virt/configdrive.py) and NoCloud (<c>meta-data</c>,
/// <c>user-data</c>, <c>network-config</c>; the last is JSON, which is YAML too). Pure.
/// </summary>
public static class ConfigDrive
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Path on the drive to text. <paramref name="injected"/>: path in the guest to text.</summary>
    public static ImmutableDictionary<string, string> Of(
        InstanceSpec instance, IReadOnlyList<HostBinding> nics, IReadOnlyDictionary<string, string> injected)
    {
        HostBinding[] ordered = [.. nics.OrderBy(n => n.NicIndex)];
        KeyValuePair<string, string>[] files = [.. injected.OrderBy(f => f.Key, StringComparer.Ordinal)];
        string host = ordered.Length > 0 ? ordered[0].HostName : instance.Name;
        JsonObject meta = new()
        {
            ["uuid"] = instance.Id.ToString(),
            ["name"] = instance.Name,
            ["hostname"] = host,
            ["project_id"] = instance.Project.Value,
            ["launch_index"] = 0,
            ["availability_zone"] = "nova",
            ["files"] = new JsonArray([.. files.Select((f, i) => new JsonObject
            {
                ["path"] = f.Key, ["content_path"] = "/" + ContentPath(i),
            })]),
        };
        int interfaces = Array.FindIndex(files, f => f.Key == InterfacesFile.Path);
        if (interfaces >= 0)
        {
            // cloud-init's word for a Debian interfaces file among them.
            meta["network_config"] = new JsonObject
            {
                ["name"] = "network_config",
                ["content_path"] = "/" + ContentPath(interfaces),
            };
        }

        var drive = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        drive["openstack/latest/meta_data.json"] = Text(meta);
        drive["openstack/latest/network_data.json"] = Text(NetworkData(ordered));
        drive["meta-data"] = Text(new JsonObject { ["instance-id"] = instance.Id.ToString(), ["local-hostname"] = host });
        drive["user-data"] = "#cloud-config\n{}\n";
        drive["network-config"] = Text(NetworkConfig(ordered));
        for (int i = 0; i < files.Length; i++)
        {
            drive["openstack/" + ContentPath(i)] = files[i].Value;
        }

        return drive.ToImmutable();
    }

    private static string ContentPath(int number) => string.Create(CultureInfo.InvariantCulture, $"content/{number:D4}");

    private static JsonObject NetworkData(HostBinding[] nics)
    {
        JsonArray links = [], networks = [], services = [];
        foreach (HostBinding nic in nics)
        {
            links.Add(new JsonObject
            {
                ["id"] = LinkOf(nic),
                ["type"] = "phy",
                ["ethernet_mac_address"] = nic.Info.MacAddress.ToString(),
                ["mtu"] = nic.Network?.Mtu,
                ["vif_id"] = nic.Vnic.ToString(),
            });
            foreach (JsonObject network in NetworksOf(nic))
            {
                network["id"] = string.Create(CultureInfo.InvariantCulture, $"network{networks.Count}");
                network["link"] = LinkOf(nic);
                networks.Add(network);
            }
        }

        foreach (string server in nics.SelectMany(n => ServersOf(n.Info)).Distinct())
        {
            services.Add(new JsonObject { ["type"] = "dns", ["address"] = server });
        }

        return new JsonObject { ["links"] = links, ["networks"] = networks, ["services"] = services };
    }

    private static IEnumerable<JsonObject> NetworksOf(HostBinding nic)
    {
        NetworkInfo info = nic.Info;
        if (info is { IpAddress: not null, DhcpServer: not null })
        {
            yield return new JsonObject { ["type"] = "ipv4_dhcp" };
        }
        else if (info is { IpAddress: { } address, Cidr: { } cidr })
        {
            yield return new JsonObject
            {
                ["type"] = "ipv4",
                ["ip_address"] = address.ToString(),
                ["netmask"] = cidr.Netmask.ToString(),
                ["routes"] = Route("0.0.0.0", "0.0.0.0", info.Gateway?.ToString()),
            };
        }

        if (info is { AddressV6: { } six, CidrV6: { } cidrV6 })
        {
            yield return new JsonObject
            {
                ["type"] = "ipv6",
                ["ip_address"] = $"{six}/{cidrV6.Length}",
                ["routes"] = Route("::", "::", info.GatewayV6?.ToString()),
            };
        }
    }

    private static JsonArray Route(string network, string netmask, string? gateway) => gateway is null ? [] :
    [
        new JsonObject { ["network"] = network, ["netmask"] = netmask, ["gateway"] = gateway },
    ];

    /// <summary>Netplan's version 2, by MAC: what a guest calls its NICs is its own matter.</summary>
    private static JsonObject NetworkConfig(HostBinding[] nics)
    {
        JsonObject all = [];
        foreach (HostBinding nic in nics)
        {
            NetworkInfo info = nic.Info;
            JsonArray addresses = [], routes = [];
            bool leased = info is { IpAddress: not null, DhcpServer: not null };
            if (!leased && info is { IpAddress: { } address, Cidr: { } cidr })
            {
                addresses.Add($"{address}/{cidr.Length}");
                AddRoute(routes, "0.0.0.0/0", info.Gateway?.ToString());
            }

            if (info is { AddressV6: { } six, CidrV6: { } cidrV6 })
            {
                addresses.Add($"{six}/{cidrV6.Length}");
                AddRoute(routes, "::/0", info.GatewayV6?.ToString());
            }

            all[LinkOf(nic)] = new JsonObject
            {
                ["match"] = new JsonObject { ["macaddress"] = info.MacAddress.ToString() },
                ["dhcp4"] = leased,
                ["addresses"] = addresses,
                ["routes"] = routes,
                ["mtu"] = nic.Network?.Mtu,
                ["nameservers"] = new JsonObject
                {
                    ["addresses"] = new JsonArray([.. ServersOf(info).Select(s => (JsonNode)s)]),
                },
            };
        }

        return new JsonObject { ["version"] = 2, ["ethernets"] = all };
    }

    private static void AddRoute(JsonArray routes, string to, string? gateway)
    {
        if (gateway is not null)
        {
            routes.Add(new JsonObject { ["to"] = to, ["via"] = gateway });
        }
    }

    private static IEnumerable<string> ServersOf(NetworkInfo info) =>
        (info.Dns ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string LinkOf(HostBinding nic) => string.Create(CultureInfo.InvariantCulture, $"nic{nic.NicIndex}");

    private static string Text(JsonObject value) => value.ToJsonString(Indented) + "\n";
}
