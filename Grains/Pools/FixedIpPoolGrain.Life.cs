namespace NovaOrleans.Pools;

// From its activation to its end: taking the pool over, reserving, quarantine, closing.
public sealed partial class FixedIpPoolGrain
{
    private const string Overtaken = "a newer activation owns this pool";
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    /// <summary>Told apart by its identity: this activation's epoch is not the newest.</summary>
    private static readonly Refusal Fenced = new(RefusalCode.Stale, Overtaken);

    private FixedIpPoolState? _pool;
    private OperatingFaultException? _unreadable;
    private Task? _ending;
    private IGrainTimer? _waking;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        NetworkId network = new(this.GetPrimaryKey());
        try
        {
            Outcome<(long Epoch, bool Open)> raised = await ledger.Commit(async s =>
                await PoolRows.RaiseEpoch(s, network) is { } pool
                    ? (Outcome<(long, bool)>)pool
                    : Refusal.NotFound(RefusalCode.NetworkNotFound, "network", network));
            _pool = raised.Refused
                ? null
                : await ledger.Read(s => PoolReading.Read(s, network, raised.Value.Epoch, raised.Value.Open));
        }
        catch (OperatingFaultException e)
        {
            _unreadable = e;
        }

        if (_pool is { } opened)
        {
            LogOpened(network, opened.Epoch, opened.Held, opened.Size);
            WakeForQuarantines(opened);
            if (opened.HasLeaving)
            {
                WatchReleases(opened);
            }
        }
    }

    public async Task<Outcome> Reserve(Ip4Address address, string actor)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal)
            || !FixedIpPoolRules.Position(pool, address).Try(out long position, out refusal))
        {
            return refusal;
        }

        bool free = !pool.IsTaken(position);
        if (free)
        {
            pool.Reserve(position);
        }

        Outcome<PortPhase> before = await Write(pool, s => Reserve(s, pool.Network.Id, address, position, actor));
        if (before.Refused)
        {
            if (free)
            {
                pool.Unreserve(position);
            }

            return before.Refusal;
        }

        if (before.Value == PortPhase.Quarantined)
        {
            pool.RestToReserved();
        }

        return Outcome.Done;
    }

    public async Task<Outcome> Unreserve(Ip4Address address, string actor)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal)
            || !FixedIpPoolRules.Position(pool, address).Try(out long position, out refusal))
        {
            return refusal;
        }

        Outcome<bool> freed = await Write(pool, s => Unreserve(s, pool.Network.Id, address, position, actor));
        if (freed.Refused)
        {
            return freed.Refusal;
        }

        if (freed.Value)
        {
            pool.Unreserve(position);
        }

        return Outcome.Done;
    }

    public async Task<Outcome> Close()
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal))
        {
            return refusal;
        }

        bool before = pool.Open;
        pool.Open = false;
        Outcome<bool> closed = await Write(pool, async s => await PoolRows.Close(s, pool.Network.Id)
            ? (Outcome<bool>)true
            : FixedIpPoolRules.InUse(pool.View));
        pool.Open = closed.Refused && before;
        return closed.Refusal is { } refused ? refused : Outcome.Done;
    }

    public async Task Reopen()
    {
        if (Opened().Try(out FixedIpPoolState? pool, out _))
        {
            await Write(pool, async s => (Outcome<int>)await PoolRows.Reopen(s, pool.Network.Id));
            pool.Open = true;
        }
    }

    /// <summary>The pool, or that there is none; then the activation ends, so that a later call looks again.</summary>
    private Outcome<FixedIpPoolState> Opened()
    {
        if (_pool is { } pool)
        {
            return pool;
        }

        DeactivateOnIdle();
        return _unreadable is null
            ? Refusal.NotFound(RefusalCode.NetworkNotFound, "network", this.GetPrimaryKey())
            : throw new OperatingFaultException(_unreadable.Message, mayRetry: true);
    }

    /// <summary>A piece of work of this pool, kept only while this activation owns it.</summary>
    private async Task<Outcome<T>> Write<T>(FixedIpPoolState pool, Func<LedgerSession, Task<Outcome<T>>> work)
    {
        (NetworkId network, long epoch) = (pool.Network.Id, pool.Epoch);
        Outcome<T> outcome;
        try
        {
            outcome = await ledger.Commit(async s => await PoolRows.Owns(s, network, epoch) ? await work(s) : Fenced);
        }
        catch (Exception e) when (e is OperatingFaultException or LedgerConflictException)
        {
            throw End(e.Message);
        }

        return ReferenceEquals(outcome.Refusal, Fenced) ? throw End(Overtaken) : outcome;
    }

    /// <summary>Memory can no longer be trusted: the next call finds a new activation, which reads the rows.</summary>
    private OperatingFaultException End(string why)
    {
        LogEnded(new NetworkId(this.GetPrimaryKey()), why);
        DeactivateOnIdle();
        return new OperatingFaultException(why, mayRetry: true);
    }

    /// <summary>One at a time, shared by all who wait for it.</summary>
    private Task EndQuarantines(FixedIpPoolState pool)
    {
        return _ending is { IsCompleted: false } running ? running : _ending = Run();

        async Task Run()
        {
            NetworkId network = pool.Network.Id;
            Outcome<(DateTimeOffset Now, List<long?> Positions)> ended = await Write(
                pool, async s => (Outcome<(DateTimeOffset, List<long?>)>)await PoolRows.EndQuarantines(s, network));
            if (ended.Value is { Positions.Count: > 0 } over)
            {
                pool.EndRest(over.Positions, over.Now);
            }
        }
    }

    private void WakeForQuarantines(FixedIpPoolState pool)
    {
        if (_waking is not null || pool.NextFreeAt is not { } next)
        {
            return;
        }

        TimeSpan wait = next - clock.GetUtcNow();
        _waking = this.RegisterGrainTimer(
            async () =>
            {
                _waking?.Dispose();
                _waking = null;
                await EndQuarantines(pool);
                WakeForQuarantines(pool);
            },
            new GrainTimerCreationOptions(wait > LeastWait ? wait : LeastWait, Timeout.InfiniteTimeSpan)
            {
                Interleave = true,
            });
    }

    private static async Task<Outcome<PortPhase>> Reserve(
        LedgerSession session, NetworkId network, Ip4Address address, long position, string actor)
    {
        PoolRows.Port? there = await PoolRows.LoadPortAt(session, network, position);
        switch (there?.View.Phase)
        {
            case null:
                await PoolRows.InsertReserved(session, network, address, position);
                break;
            case PortPhase.Quarantined:
                await PoolRows.ReserveResting(session, there.View.Id);
                break;
            case PortPhase.Reserved:
                return PortPhase.Reserved;
            default:
                return FixedIpPoolRules.Taken(network, address);
        }

        await HistoryRows.Append(session, actor, "address reserved", network, address: address.ToString());
        return there?.View.Phase ?? PortPhase.Allocated;
    }

    private static async Task<Outcome<bool>> Unreserve(
        LedgerSession session, NetworkId network, Ip4Address address, long position, string actor)
    {
        PoolRows.Port? there = await PoolRows.LoadPortAt(session, network, position);
        if (there is not { View.Phase: PortPhase.Reserved })
        {
            return there is null || there.View.Phase == PortPhase.Quarantined
                ? false
                : FixedIpPoolRules.Taken(network, address);
        }

        await PoolRows.DeleteReserved(session, there.View.Id);
        await HistoryRows.Append(session, actor, "address unreserved", network, address: address.ToString());
        return true;
    }
}
