using NovaOrleans.Networks;

namespace NovaOrleans.Pools;

/// <summary>How an activation comes to know its pool.</summary>
internal static class PoolReading
{
    /// <summary>How many addresses are read as one number.</summary>
    private const int Word = 32;

    /// <summary>
    /// The pool as its rows say, or null where its network is gone: in one round trip, and where addresses rest, another for how long. To
    /// look for those that rest each time was to read all rows twice.
    /// </summary>
    public static async Task<FixedIpPoolState?> Read(LedgerSession session, NetworkId network, long epoch, bool open)
    {
        Task<NetworkView?> view = NetworkRows.Load(session, network.Value);
        Task<List<PoolWord>> read = Words(session, network);
        await Task.WhenAll(view, read);
        if (await view is not { } there)
        {
            return null;
        }

        List<PoolWord> words = await read;
        FixedIpPoolState pool = Restored(new FixedIpPoolState(there, epoch, open), words);
        if (words.Exists(w => w.Phase == PortPhase.Quarantined))
        {
            foreach ((long position, DateTimeOffset until) in await Resting(session, network))
            {
                pool.Rest(position, until);
            }
        }

        return pool;
    }

    private static Task<List<(long Position, DateTimeOffset Until)>> Resting(LedgerSession session, NetworkId network) => session.Query(
        """
        select position, quarantined_until from fixed_ips
         where network_uuid = @network and not deleted and phase = 3 and position is not null
        """,
        r => (r.Long("position"), r.Time("quarantined_until")),
        ("network", network));

    /// <summary>
    /// 32 addresses a row, as bits: 65,000 rows took a silo that had just taken the pool over 130 ms, and take 60 so.
    /// </summary>
    private static Task<List<PoolWord>> Words(LedgerSession session, NetworkId network) => session.Query(
        $"""
        select phase, position / {Word} as word, count(*) as ports, max(id * {Word} + (position % {Word})) as newest,
               cast(sum(cast(1 as bigint) << cast(position % {Word} as int)) as bigint) as bits
          from fixed_ips where network_uuid = @network and not deleted group by phase, position / {Word}
        """,
        r => new PoolWord(
            (PortPhase)r.Int("phase"), r.LongOrNull("word"), r.Long("ports"), r.LongOrNull("newest"), r.LongOrNull("bits")),
        ("network", network));

    /// <summary>All but what rests.</summary>
    private static FixedIpPoolState Restored(FixedIpPoolState pool, List<PoolWord> words)
    {
        PoolWord last = default;
        foreach (PoolWord word in words)
        {
            if (word.Phase != PortPhase.Quarantined)
            {
                pool.Restore(word.Phase, word.Ports, (word.Number ?? 0) * Word, (uint)(word.Bits ?? 0));
            }

            last = word.Newest > (last.Newest ?? 0) ? word : last;
        }

        // The row with the greatest id is the newest: the next address is looked for behind its.
        if (last is { Newest: { } newest, Number: { } number })
        {
            pool.MoveCursorBehind((number * Word) + (newest % Word));
        }

        return pool;
    }

    /// <summary>
    /// What is in one phase of the addresses of word <paramref name="Number"/>, or of the ports without an address, where that is null:
    /// the ports, the greatest of <c>id * 32 + address in the word</c>, and a bit each address.
    /// </summary>
    private readonly record struct PoolWord(PortPhase Phase, long? Number, long Ports, long? Newest, long? Bits);
}
