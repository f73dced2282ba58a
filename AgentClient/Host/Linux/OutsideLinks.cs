using System.Text.Json;

namespace NovaOrleans.Agent.Host;

/// <summary>Floating addresses, and what the kernel remembers of connections by them.</summary>
internal sealed class OutsideLinks(HostTools tools)
{
    public async Task<bool> Forwards(CancellationToken stop) =>
        (await tools.InSpace("sysctl", ["-n", "net.ipv4.ip_forward"], null, stop)).Output.Trim() == "1";

    /// <summary>Of the link with the default route; null where there is none, or no address on it.</summary>
    public async Task<Ip4Address?> OwnAddress(CancellationToken stop)
    {
        if (await Rows(["-4", "-j", "route", "show", "default"], stop) is not [{ ValueKind: JsonValueKind.Object } route, ..])
        {
            return null;
        }

        string? chosen = Text(route, "prefsrc");
        if (chosen is null && Text(route, "dev") is { } link)
        {
            IReadOnlyList<JsonElement> links = await Rows(["-4", "-j", "addr", "show", "dev", link, "scope", "global"], stop);
            chosen = links.Where(l => l.TryGetProperty("addr_info", out _)).SelectMany(l => l.GetProperty("addr_info").EnumerateArray())
                .Select(a => Text(a, "local")).FirstOrDefault();
        }

        return Ip4Address.TryParse(chosen, out Ip4Address address) ? address : null;
    }

    private async Task<IReadOnlyList<JsonElement>> Rows(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        ToolResult result = await tools.Ip(arguments, null, stop);
        using JsonDocument rows = JsonDocument.Parse(result.Good && result.Output.Length > 0 ? result.Output : "[]");
        return [.. rows.RootElement.EnumerateArray().Select(r => r.Clone())];
    }

    private static string? Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    public async Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<Step> steps, CancellationToken stop)
    {
        List<StepResult> results = [];
        foreach (Step step in steps)
        {
            results.Add(new StepResult(step, await Fault(step, stop)));
        }

        // Together, and after all addresses are there: arping waits for its own packet.
        await Task.WhenAll(results.Where(r => r.Done).Select(r => r.Step).OfType<AddFloatingAddress>().Select(s => Announce(s, stop)));
        return results;
    }

    private async Task<string?> Fault(Step step, CancellationToken stop)
    {
        try
        {
            return step switch
            {
                SetForwarding => Words(await tools.InSpace("sysctl", ["-qw", "net.ipv4.ip_forward=1"], null, stop)),
                AddFloatingAddress s => Words(await tools.Ip(
                    ["addr", "add", s.Address + "/32", "dev", s.Link, "label", s.Link + Mark.AddressSuffix], null, stop)),
                RemoveFloatingAddress s => Words(
                    await tools.Ip(["addr", "del", s.Address + "/32", "dev", s.Link], null, stop), "Cannot assign requested address"),
                ForgetFlows s => await Forget("--orig-dst", s.Address, stop) ?? await Forget("--reply-dst", s.Address, stop),
                _ => throw new InvalidOperationException($"{step.GetType().Name} is no step about the outside"),
            };
        }
        catch (OperatingFaultException e)
        {
            return e.Message;
        }
    }

    /// <summary>conntrack ends with 1 where there was nothing to delete.</summary>
    private async Task<string?> Forget(string by, string address, CancellationToken stop) =>
        Words(await tools.InSpace("conntrack", ["-D", "-f", "ipv4", by, address], null, stop), "0 flow entries");

    /// <summary>Neighbours that had it elsewhere are told (RFC 5227 3); a link without ARP has none, and that is no fault.</summary>
    private Task<ToolResult> Announce(AddFloatingAddress step, CancellationToken stop) => tools.InSpace(
        "arping", ["-q", "-U", "-c", "1", "-w", "1", "-I", step.Link, "-s", step.Address, step.Address], null, stop);

    private static string? Words(ToolResult result, string? done = null) =>
        result.Good || (done is not null && result.Error.Contains(done, StringComparison.Ordinal)) ? null : result.Words;
}
