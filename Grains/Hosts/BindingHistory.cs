namespace NovaOrleans.Hosts;

/// <summary>
/// When a VNIC's binding came true on its host and when it went: the phases of a fixed IP that no row of its own says. Written
/// with the host's record, in its commit.
/// </summary>
internal static class BindingHistory
{
    public static async Task Tell(
        LedgerSession session, HostName host, HostState.Entry? before, HostState.Entry now)
    {
        if (What(before, now) is not { } what)
        {
            return;
        }

        // A teardown names no address: the bind before it does.
        HostBinding? binding = ((now.Record as BindRecord) ?? (before?.Record as BindRecord))?.Binding;
        string? address = binding?.Info.IpAddress?.ToString() ?? binding?.Info.AddressV6?.ToString();
        await HistoryRows.Append(
            session, host.Value, what, binding?.Network?.Network, now.Vnic, address, now.Generation, now.Fault);
    }

    private static string? What(HostState.Entry? before, HostState.Entry now) => now.Outcome switch
    {
        _ when before is { IsBind: true } && !now.IsBind => "teardown asked",
        _ when before?.Outcome == now.Outcome => null,
        Instances.BindingOutcome.Applied => "binding applied",
        Instances.BindingOutcome.Failed => "binding failed",
        Instances.BindingOutcome.TornDown => "binding torn down",
        _ => null,
    };
}
