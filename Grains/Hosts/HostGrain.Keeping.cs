namespace NovaOrleans.Hosts;

/// <summary>How a host's state is changed: one change at a time, committed before it is remembered, and then pushed.</summary>
public sealed partial class HostGrain
{
    /// <summary>
    /// What was told is in the rows after so long, or with the next change: of 500 binds a second it was every third commit.
    /// </summary>
    private static readonly TimeSpan s_keepTold = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What the rows say: the state, but for what instances were told since. Lost, that is told again, and changes nothing.
    /// </summary>
    private HostState _kept = null!;

    private IGrainTimer _keeping = null!;

    private Refusal Elsewhere => new(RefusalCode.Stale, $"Host {Name} was changed elsewhere.", Name.Value);

    private async Task<Outcome> ChangeAndPush(
        Func<HostState, HostState> change, Func<LedgerSession, Task<Refusal?>>? unless = null, bool always = false)
    {
        long before = _state.Revision;
        IReadOnlyCollection<VnicId> touched = [];
        Outcome changed = await Change(
            state =>
            {
                HostState next = change(state);
                touched = next.Unsaved;
                return next;
            },
            unless, always: always);
        // Those alone: to look through all that the host has, at each bind, was a twentieth of a busy silo's time.
        foreach (HostRecord record in _state.RecordsOf(touched, before))
        {
            // A hint, nothing more: the renewal brings what is lost here.
            _ = _observer?.Pushed(record);
        }

        return changed;
    }

    /// <summary>
    /// One change at a time: outcomes are told beside the turns, and write too. <paramref name="unless"/> is asked in the
    /// change's own transaction. <paramref name="always"/> writes the host's row where nothing changes as well, for an answer that
    /// is only true if no other activation is about to commit: of the two, the later finds another version.
    /// </summary>
    private async Task<Outcome> Change(
        Func<HostState, HostState> change, Func<LedgerSession, Task<Refusal?>>? unless = null, string? actor = null,
        bool always = false)
    {
        await _writing.WaitAsync();
        try
        {
            HostState changed = change(_state);
            if (changed == _state && !always)
            {
                return Outcome.Done;
            }

            HostState before = _kept;
            Outcome<bool> saved = await Commit(changed.IsLosing, s => Save(s, before, changed, unless, actor));
            if (saved.Refusal == Elsewhere)
            {
                DeactivateOnIdle();
                throw new OperatingFaultException(Elsewhere.Reason, mayRetry: true);
            }

            if (saved.Refused)
            {
                return saved.Refusal;
            }

            _state = _kept = changed.Saved(before.Version + 1);
            return Outcome.Done;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>A change that rows may be without for a while.</summary>
    private async Task Remember(Func<HostState, HostState> change)
    {
        await _writing.WaitAsync();
        _state = change(_state);
        _writing.Release();
        _keeping.Change(s_keepTold, Timeout.InfiniteTimeSpan);
    }

    private async Task KeepRemembered()
    {
        try
        {
            await (_state == _kept ? Task.CompletedTask : Change(s => s, always: true));
        }
        catch (OperatingFaultException e)
        {
            // Told again by the next activation.
            LogNotKept(Name, e.Message);
        }
    }

    /// <summary>With an entry go its leases, which are looked up first: that takes more than one message.</summary>
    private async Task<Outcome<bool>> Commit(bool isLosing, Func<LedgerSession, Task<Outcome<bool>>> work)
    {
        try
        {
            return await (isLosing ? ledger.Commit(work) : ledger.CommitAtOnce(work));
        }
        catch (OperatingFaultException)
        {
            // Perhaps it was committed: the next activation reads the rows.
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>
    /// Refused as <see cref="Elsewhere"/> where another activation has written the host since. What is asked and what is written go in
    /// one message: a refusal takes it back.
    /// </summary>
    private async Task<Outcome<bool>> Save(
        LedgerSession session, HostState before, HostState after, Func<LedgerSession, Task<Refusal?>>? unless, string? actor)
    {
        Task<Refusal?> refused = unless is null ? Task.FromResult<Refusal?>(null) : unless(session);
        Task<bool> saved = rows.Save(session, before, after);
        Task<int> told = actor is null ? Task.FromResult(0) : HistoryRows.Append(session, actor, "host fenced", why: Name.Value);
        await Task.WhenAll(refused, saved, told);
        return (await refused, await saved) switch
        {
            ({ } refusal, _) => refusal,
            (_, false) => Elsewhere,
            _ => true,
        };
    }
}
