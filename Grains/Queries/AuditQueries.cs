using NovaOrleans.Hosts;

namespace NovaOrleans.Queries;

/// <summary>
/// The invariants as queries over rows that were written by different grains: each asks for what must not be there, and gives
/// a sentence for every row that it finds, the first hundred of each kind. Every question is one statement, so that it is asked of
/// one moment, although statements do not share one.
/// </summary>
public static partial class AuditQueries
{
    private const int FindingsPerKind = 100;

    public static async Task<AuditView> Audit(LedgerSession session, RecordText text)
    {
        List<string> duplicates = [.. await Duplicates(session), .. await DuplicatesV6(session), .. await DuplicateMacs(session)];
        List<string> leaks = [.. await HeldByNobody(session), .. await AttachedToNothing(session)];
        List<string> states = await WrongStates(session);
        List<string> orphans = await Orphans(session);
        List<string> misplaced = [.. await ToldToNobody(session), .. await ToldOtherwise(session, text)];
        List<string> floating = await Floating(session);
        return new AuditView(
            await Count(session, "select count(*) as n from networks where not deleted"),
            await Count(session, "select count(*) as n from ethernet_cards where not deleted"),
            await Count(session, "select count(*) as n from fixed_ips where not deleted and phase = 2"),
            await Count(session, "select count(*) as n from fixed_ips where not deleted and phase = 3"),
            duplicates.Count, leaks.Count, orphans.Count,
            [.. new[] { duplicates, leaks, states, orphans, misplaced, floating }.SelectMany(kind => kind.Take(FindingsPerKind))])
        {
            FloatingIps = await Count(session, "select count(*) as n from floating_ips where not deleted"),
            WrongStates = states.Count,
            Misplaced = misplaced.Count,
            Drift = await Count(session, "select count(*) as n from host_bindings where kind = 1 and outcome = 1"),
        };
    }

    private static Task<long> Count(LedgerSession session, string sql) => session.QueryOne(sql, r => r.Long("n"));
}
