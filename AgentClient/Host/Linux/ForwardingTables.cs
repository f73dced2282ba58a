using System.Text.Json;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// Where VXLAN links send frames: the kernel's forwarding database, by <c>bridge</c>, a batch a phase. What it says of a link of
/// ours is ours, whoever put it there.
/// </summary>
internal sealed class ForwardingTables(HostTools tools)
{
    private const string Unknown = "00:00:00:00:00:00";

    /// <summary>The links with what the VXLAN ones of ours forward; a host without one starts no process for it.</summary>
    public async Task<ImmutableSortedDictionary<string, ActualLink>> Fill(
        ImmutableSortedDictionary<string, ActualLink> links, CancellationToken stop)
    {
        ActualLink[] ours = [.. links.Values.Where(l => l is { Ours: true, Vxlan: not null })];
        if (ours.Length == 0)
        {
            return links;
        }

        ToolResult listing = await tools.Bridge(["-j", "fdb", "show"], null, stop);
        if (!listing.Good)
        {
            throw new OperatingFaultException($"bridge fdb show: {listing.Words}", mayRetry: true);
        }

        using JsonDocument table = JsonDocument.Parse(listing.Output.Length > 0 ? listing.Output : "[]");
        ILookup<string, ForwardingEntry> entries = table.RootElement.EnumerateArray()
            .Select(row => (Link: Text(row, "ifname"), Entry: EntryOf(row)))
            .Where(e => e is { Link: not null, Entry: not null })
            .ToLookup(e => e.Link!, e => e.Entry!.Value, StringComparer.Ordinal);
        return links.SetItems(ours.Select(l => KeyValuePair.Create(
            l.Name, l with { Vxlan = l.Vxlan! with { Forwarding = [.. entries[l.Name]] } })));
    }

    public async Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<Step> steps, CancellationToken stop)
    {
        string text = string.Concat(steps.Select(s => LineOf(s) + '\n'));
        ToolResult result = await tools.Bridge(["-force", "-batch", "-"], text, stop);
        Dictionary<int, string> faults = BatchFaults.Of(result.Error);
        return
        [
            .. steps.Select((step, i) => new StepResult(step, faults.TryGetValue(i + 1, out string? fault)
                ? Explain(step, fault)
                : result.Good || faults.Count > 0 ? null : result.Words)),
        ];
    }

    private static string LineOf(Step step) => step switch
    {
        // A MAC is at one place, which is overwritten; of the others there are as many as hosts.
        AddForwarding { Entry.Mac: { } mac } s => $"fdb replace {mac} dev {s.Link} dst {s.Entry.Remote} self permanent",
        AddForwarding s => $"fdb append {Unknown} dev {s.Link} dst {s.Entry.Remote} self permanent",
        RemoveForwarding s => $"fdb del {s.Entry.Mac?.ToString() ?? Unknown} dev {s.Link} dst {s.Entry.Remote} self",
        _ => throw new InvalidOperationException($"{step.GetType().Name} is no step about forwarding"),
    };

    /// <summary>What was to go and is gone, is done.</summary>
    private static string? Explain(Step step, string fault) =>
        step is RemoveForwarding && fault.Contains("No such file or directory", StringComparison.Ordinal) ? null : fault;

    /// <summary>Null for what is no place on IPv4: entries of other kinds are not made here, and the kernel asks them last.</summary>
    private static ForwardingEntry? EntryOf(JsonElement row) =>
        Ip4Address.TryParse(Text(row, "dst"), out Ip4Address remote) && Text(row, "mac") is { } text
            ? text == Unknown ? ForwardingEntry.Flood(remote)
                : MacAddress.TryParse(text, out MacAddress mac) ? new ForwardingEntry(mac, remote) : null
            : null;

    private static string? Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
