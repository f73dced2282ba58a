using System.Text.Json;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// Reads every link of the host with its addresses in one process, and the names of namespaces in another.
/// </summary>
internal sealed class LinkReader(HostTools tools, ForwardingTables forwarding)
{
    public async Task<ImmutableSortedDictionary<string, ActualLink>> Read(CancellationToken stop)
    {
        Task<JsonDocument> links = Json(["-d", "-j", "addr", "show"], stop);
        Task<JsonDocument> spaces = Json(["-j", "netns", "list-id"], stop);
        using JsonDocument linkTable = await links;
        using JsonDocument spaceTable = await spaces;
        Dictionary<int, string> spaceOf = [];
        foreach (JsonElement space in Rows(spaceTable).Where(s => s.TryGetProperty("name", out _)))
        {
            spaceOf[space.GetProperty("nsid").GetInt32()] = space.GetProperty("name").GetString()!;
        }

        return await forwarding.Fill(
            DesiredHost.Named<ActualLink>().AddRange(Rows(linkTable)
                .Where(row => row.TryGetProperty("ifname", out _))
                .Select(row => LinkOf(row, spaceOf))
                .Select(link => KeyValuePair.Create(link.Name, link))),
            stop);
    }

    private async Task<JsonDocument> Json(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        ToolResult result = await tools.Ip(arguments, null, stop);
        return result.Good
            ? JsonDocument.Parse(result.Output.Length > 0 ? result.Output : "[]")
            : throw new OperatingFaultException($"ip {string.Join(' ', arguments)}: {result.Words}", mayRetry: true);
    }

    private static JsonElement.ArrayEnumerator Rows(JsonDocument table) => table.RootElement.EnumerateArray();

    private static string? Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private static int Number(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) && value.TryGetInt32(out int number) ? number : 0;

    private static ActualLink LinkOf(JsonElement row, Dictionary<int, string> spaceOf)
    {
        string name = Text(row, "ifname")!;
        JsonElement info = row.TryGetProperty("linkinfo", out JsonElement found) ? found : default;
        string? kindName = info.ValueKind == JsonValueKind.Object ? Text(info, "info_kind") : null;
        JsonElement data = kindName is not null && info.TryGetProperty("info_data", out JsonElement details)
            ? details : default;
        LinkKind kind = kindName switch
        {
            "bridge" => LinkKind.Bridge,
            "veth" => LinkKind.Veth,
            "vlan" => LinkKind.Vlan,
            "vxlan" => LinkKind.Vxlan,
            "tun" => LinkKind.Tap,
            _ => LinkKind.Other,
        };
        bool ours = Mark.IsOurs(name, kind, Text(row, "ifalias"), Text(row, "group"));
        ActualLink link = new(
            name,
            kind,
            ours,
            HasFlag(row, "UP"),
            Number(row, "mtu"),
            Text(row, "master"))
        {
            Addresses = kind == LinkKind.Bridge && ours ? Addresses(row, name).Union(LinkLocals(row)) : Addresses(row, name),
            FloatingAddresses = FloatingAddresses(row, name),
            Hairpin = info.ValueKind == JsonValueKind.Object && info.TryGetProperty("info_slave_data", out JsonElement slave)
                && slave.TryGetProperty("hairpin", out JsonElement hairpin) && hairpin.ValueKind == JsonValueKind.True,
        };
        return kind switch
        {
            LinkKind.Bridge => link with { Tuned = IsTuned(data) && (IsFiltered(data) || !link.Ours), Filtered = IsFiltered(data) },
            LinkKind.Vlan when VlanTag.TryCreate(Number(data, "id"), out VlanTag tag) =>
                link with { Parent = Text(row, "link"), Tag = tag },
            LinkKind.Veth when row.TryGetProperty("link_netnsid", out JsonElement id) =>
                link with { GuestSpace = spaceOf.GetValueOrDefault(id.GetInt32()) },
            LinkKind.Vxlan when Vni.TryCreate(Number(data, "id"), out Vni vni) => link with { Vxlan = VxlanOf(vni, data) },
            LinkKind.Tap => link with { Carrier = HasFlag(row, "LOWER_UP") },
            LinkKind.Veth => link with { Peer = Text(row, "link") },
            _ => link,
        };
    }

    private static ActualVxlan VxlanOf(Vni vni, JsonElement data) => new(
        vni,
        Ip4Address.TryParse(Text(data, "local"), out Ip4Address local) ? local : null,
        Number(data, "port"),
        !data.TryGetProperty("learning", out JsonElement learning) || learning.ValueKind != JsonValueKind.False,
        []);

    private static bool HasFlag(JsonElement row, string flag) =>
        row.GetProperty("flags").EnumerateArray().Any(f => f.GetString() == flag);

    private static bool IsTuned(JsonElement bridge) =>
        Number(bridge, "forward_delay") == 0 && Number(bridge, "stp_state") == 0
        && Number(bridge, "mcast_snooping") == 0;

    /// <summary>A kernel without br_netfilter has nothing to say of it.</summary>
    private static bool IsFiltered(JsonElement bridge) =>
        bridge.ValueKind == JsonValueKind.Object
        && (!bridge.TryGetProperty("nf_call_iptables", out _)
            || (Number(bridge, "nf_call_iptables") == 1 && Number(bridge, "nf_call_ip6tables") == 1));

    private static ImmutableSortedSet<string> Addresses(JsonElement row, string name) => Each(row)
        .Where(a => Text(a, "local") is not null && Text(a, "scope") != "link" && !IsFloating(a, name))
        .Select(a => string.Create(CultureInfo.InvariantCulture, $"{Text(a, "local")}/{Number(a, "prefixlen")}"))
        .ToImmutableSortedSet(StringComparer.Ordinal);

    private static ImmutableSortedSet<string> FloatingAddresses(JsonElement row, string name) =>
        Each(row).Where(a => IsFloating(a, name)).Select(a => Text(a, "local")!).ToImmutableSortedSet(StringComparer.Ordinal);

    private static bool IsFloating(JsonElement address, string link) => Text(address, "label") == link + Mark.AddressSuffix;

    private static IEnumerable<JsonElement> Each(JsonElement row) =>
        row.TryGetProperty("addr_info", out JsonElement list) ? list.EnumerateArray() : [];

    /// <summary>On a bridge of ours the kernel makes none by itself, so what is there was put there.</summary>
    private static IEnumerable<string> LinkLocals(JsonElement row) => Each(row)
        .Where(a => Text(a, "scope") == "link" && Text(a, "family") == "inet6" && Text(a, "local") is not null)
        .Select(a => string.Create(CultureInfo.InvariantCulture, $"{Text(a, "local")}/{Number(a, "prefixlen")}"));
}
