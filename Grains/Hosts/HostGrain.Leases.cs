namespace NovaOrleans.Hosts;

// The leases of this host: rows of its own beside its log, which says what is to be, while these say what guests were given.
public sealed partial class HostGrain
{
    public Task<bool> HasLetGo(VnicId vnic, string? address) => Task.FromResult(HostRules.HasLetGo(_state, vnic, address));

    public async Task<Outcome> ReportLeases(HostLeases report)
    {
        if (Stale(report.Epoch) is { } stale)
        {
            return stale;
        }

        (IReadOnlyList<LeaseRules.Given> given, int ignored) = LeaseRules.Take(_state, report);
        Ignored(ignored);
        if (given.Count == 0 && !report.IsWhole)
        {
            return Outcome.Done;
        }

        // The rows say whether this activation is still the host's: they are not in its memory, so it may go on if not.
        Outcome<bool> kept = await ledger.Commit(async session =>
        {
            if (!await LeaseRows.Owns(session, Name, report.Epoch))
            {
                return (Outcome<bool>)new Refusal(RefusalCode.Stale, $"Host {Name} has a newer session.", Name.Value);
            }

            await LeaseRows.Save(session, Name, given, report.IsWhole);
            return true;
        });
        return kept.Refusal is { } refusal ? refusal : Outcome.Done;
    }
}
