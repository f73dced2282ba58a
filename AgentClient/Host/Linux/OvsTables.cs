using System.Text.Json;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// What <c>ovs-vsctl --format=json list</c> prints: a line a table, with cells in the wire format of RFC 7047, where
/// a set of one is its element and references are UUIDs.
/// </summary>
internal static class OvsTables
{
    public const string MarkKey = "nova";
    public const string MarkValue = "agent";

    /// <summary>The tables Bridge, Port and Interface, in this order.</summary>
    public static ActualSwitch Read(string output)
    {
        Row[][] tables = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Rows)];
        if (tables.Length != 3)
        {
            throw new OperatingFaultException($"ovs-vsctl printed {tables.Length} tables instead of 3", mayRetry: true);
        }

        Dictionary<string, string?> faults = tables[2].ToDictionary(r => r.Id, FaultOf);
        Dictionary<string, ActualSwitchPort> ports = tables[1].ToDictionary(r => r.Id, r => PortOf(r, faults));
        return new ActualSwitch(null, DesiredHost.Named<ActualSwitchBridge>().AddRange(tables[0].Select(r =>
            KeyValuePair.Create(r.Text("name"), new ActualSwitchBridge(r.Text("name"), IsOurs(r), DesiredHost.Named<ActualSwitchPort>()
                .AddRange(r.Texts("ports").Where(ports.ContainsKey).Select(p => KeyValuePair.Create(ports[p].Name, ports[p]))))))));
    }

    /// <summary>A number is given by ovs-vswitchd when it has opened the link.</summary>
    private static string? FaultOf(Row link) => link.Texts("error").FirstOrDefault()
        ?? (link.Numbers("ofport").Any() ? null : "ovs-vswitchd has not opened it");

    private static ActualSwitchPort PortOf(Row row, Dictionary<string, string?> faults) => new(
        row.Text("name"),
        IsOurs(row),
        row.Numbers("tag").Select(t => VlanTag.TryCreate(t, out VlanTag tag) ? tag : (VlanTag?)null).FirstOrDefault(),
        [.. row.Numbers("trunks")],
        row.Texts("interfaces").Select(i => faults.GetValueOrDefault(i)).FirstOrDefault(f => f is not null));

    private static bool IsOurs(Row row) => row.Map("external_ids").Contains((MarkKey, MarkValue));

    private static Row[] Rows(string line)
    {
        using JsonDocument table = JsonDocument.Parse(line);
        string[] headings = [.. table.RootElement.GetProperty("headings").EnumerateArray().Select(h => h.GetString()!)];
        return
        [
            .. table.RootElement.GetProperty("data").EnumerateArray().Select(row => new Row(
                headings.Zip(row.EnumerateArray().Select(c => c.Clone())).ToDictionary(c => c.First, c => c.Second))),
        ];
    }

    private sealed record Row(Dictionary<string, JsonElement> Cells)
    {
        public string Id => Texts("_uuid").Single();

        public string Text(string column) => Texts(column).Single();

        public IEnumerable<string> Texts(string column) => Elements(Cells[column]).Select(e =>
            e.ValueKind == JsonValueKind.Array ? e[1].GetString()! : e.GetString()!);

        public IEnumerable<int> Numbers(string column) => Elements(Cells[column]).Select(e => e.GetInt32());

        public IEnumerable<(string Key, string Value)> Map(string column) => Cells[column][1].EnumerateArray()
            .Select(pair => (pair[0].GetString()!, pair[1].GetString()!));

        /// <summary>["set", […]] is a set; anything else is a set of one.</summary>
        private static IEnumerable<JsonElement> Elements(JsonElement cell) =>
            cell.ValueKind == JsonValueKind.Array && cell[0].GetString() == "set" ? cell[1].EnumerateArray() : [cell];
    }
}
