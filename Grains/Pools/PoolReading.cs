using System.Numerics;
using NovaOrleans.Networks;

namespace NovaOrleans.Pools;

/// <summary>How an activation comes to know its pool.</summary>
internal static class PoolReading
{
    /// <summary>How many addresses are read as one number.</summary>
    private const int Word = 32;

    /// <summary>The pool as its rows say, or null where its network is gone.</summary>
    public static async Task<FixedIpPoolState?> Read(LedgerSession session, NetworkId network, long epoch, bool open)
    {
        if (await NetworkRows.Load(session, network.Value) is not { } view)
        {
            return null;
        }

        FixedIpPoolState pool = new(view, epoch, open);
        (long Id, long Position) newest = (0, -1);
        // 32 addresses a row, as bits: 65,000 rows took a silo that had just taken the pool over 130 ms, and take 60 so.
        await session.Query(
            $"""
            select phase, position / {Word} as word, count(*) as ports, max(id * {Word} + (position % {Word})) as newest,
                   cast(sum(cast(1 as bigint) << cast(position % {Word} as int)) as bigint) as bits
              from fixed_ips where network_uuid = @network and not deleted and phase <> 3 group by phase, position / {Word}
            """,
            r =>
            {
                Restore(pool, r);
                if (r.LongOrNull("newest") is { } last && last / Word > newest.Id)
                {
                    newest = (last / Word, (r.Long("word") * Word) + (last % Word));
                }

                return true;
            },
            ("network", network));
        await session.Query(
            """
            select position, quarantined_until from fixed_ips
             where network_uuid = @network and not deleted and phase = 3 and position is not null
            """,
            r =>
            {
                pool.Rest(r.Long("position"), r.Time("quarantined_until"));
                return true;
            },
            ("network", network));
        pool.MoveCursorBehind(newest.Position);
        return pool;
    }

    /// <summary>The addresses of a word that are in one phase, or the ports that have none.</summary>
    private static void Restore(FixedIpPoolState pool, LedgerRow r)
    {
        var phase = (PortPhase)r.Int("phase");
        if (r.LongOrNull("word") is not { } word)
        {
            for (long ports = r.Long("ports"); ports > 0; ports--)
            {
                pool.Restore(phase, null);
            }

            return;
        }

        for (long bits = r.Long("bits"); bits != 0; bits &= bits - 1)
        {
            pool.Restore(phase, (word * Word) + BitOperations.TrailingZeroCount(bits));
        }
    }
}
