namespace NovaOrleans.Hosts;

/// <summary>How a host's state is changed: one change at a time, committed before it is remembered, and then pushed.</summary>
public sealed partial class HostGrain
{
    private async Task<Outcome> ChangeAndPush(
        Func<HostState, HostState> change, Func<LedgerSession, Task<Refusal?>>? unless = null, bool always = false)
    {
        long before = _state.Revision;
        Outcome changed = await Change(change, unless, always: always);
        foreach (HostRecord record in _state.Records(before))
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
            HostState before = _state;
            HostState changed = change(before);
            if (changed == before && !always)
            {
                return Outcome.Done;
            }

            Outcome<bool> saved = await Commit(s => Save(s, before, changed, unless, actor));
            if (saved.Refused)
            {
                return saved.Refusal;
            }

            if (!saved.Value)
            {
                DeactivateOnIdle();
                throw new OperatingFaultException($"Host {Name} was changed elsewhere.", mayRetry: true);
            }

            _state = changed with { Version = before.Version + 1 };
            return Outcome.Done;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<Outcome<bool>> Commit(Func<LedgerSession, Task<Outcome<bool>>> work)
    {
        try
        {
            return await ledger.Commit(work);
        }
        catch (OperatingFaultException)
        {
            // Perhaps it was committed: the next activation reads the rows.
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>False where another activation has written the host since; nothing is written then.</summary>
    private async Task<Outcome<bool>> Save(
        LedgerSession session, HostState before, HostState after, Func<LedgerSession, Task<Refusal?>>? unless, string? actor)
    {
        if (unless is not null && await unless(session) is { } refusal)
        {
            return refusal;
        }

        if (!await rows.Save(session, before, after))
        {
            return false;
        }

        if (actor is not null)
        {
            await HistoryRows.Append(session, actor, "host fenced", why: Name.Value);
        }

        return true;
    }
}
