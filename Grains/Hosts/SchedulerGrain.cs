namespace NovaOrleans.Hosts;

/// <summary>See <see cref="ISchedulerGrain"/>.</summary>
public sealed partial class SchedulerGrain(ILedger ledger, TimeProvider time, ILogger<SchedulerGrain> logger)
    : Grain, ISchedulerGrain
{
    /// <summary>
    /// Hosts renew every 3 s, those whose own grain was lost too once it is elsewhere: whoever was not heard in this time is not there.
    /// </summary>
    private static readonly TimeSpan s_listens = TimeSpan.FromSeconds(10);

    private SchedulerState _state = new();
    private DateTimeOffset _began;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _state = new SchedulerState { Words = await ledger.Read(SchedulerRows.Load) };
        _began = time.GetUtcNow();
    }

    public async Task<Outcome<HostName>> Choose(ServicePath service, int vnics, HostName? wanted)
    {
        Outcome<HostName> chosen = SchedulerRules.Choose(_state, service, wanted, time.GetUtcNow());
        if (chosen.Refused)
        {
            if (time.GetUtcNow() - _began < s_listens && SchedulerRules.Unheard(_state, await List(), wanted) is { } host)
            {
                throw new OperatingFaultException(
                    $"The scheduler has just started, and has not heard of host {host} yet.", mayRetry: true);
            }

            LogNone(service, chosen.Refusal.Reason);
        }
        else
        {
            SchedulerState.Heard heard = _state.Hosts[chosen.Value];
            _state.Hosts[chosen.Value] = heard with { Reserved = heard.Reserved + vnics };
        }

        return chosen;
    }

    public async Task Heard(HostView host)
    {
        _state.Hosts[host.Name] = new SchedulerState.Heard(host, 0);
        if (host.Status == HostStatus.Live && _state.Words.TryGetValue(host.Name, out SchedulerState.Word? word) && word.Removed)
        {
            await Keep(host.Name, word with { Removed = false }, host.Name.Value, "host returned");
        }
    }

    /// <summary>What is newer than a row is what was heard.</summary>
    public async Task<IReadOnlyList<HostView>> List()
    {
        IReadOnlyList<HostView> known = await ledger.Read(HostRows.List);
        return [.. known.Where(h => !(_state.Words.TryGetValue(h.Name, out SchedulerState.Word? word) && word.Removed)).Select(Now)];
    }

    public async Task<Outcome> Drain(DrainHost command)
    {
        if (!(await Known(command.Host)).Try(out _, out Refusal? refusal))
        {
            return refusal;
        }

        var word = new SchedulerState.Word(command.Drained, command.Drained ? command.Reason : null, false);
        await Keep(command.Host, word, command.Actor, command.Drained ? "host drained" : "host takes instances again");
        return Outcome.Done;
    }

    public async Task<Outcome> Remove(HostName host, string actor)
    {
        if (!(await Known(host)).Try(out _, out Refusal? refusal))
        {
            return refusal;
        }

        // Its own word, not what was heard: a VNIC bound a moment ago counts.
        HostView view = await GrainFactory.GetGrain<IHostGrain>(host.Value).Describe();
        Outcome may = SchedulerRules.MayRemove(view, view.Status == HostStatus.Live);
        if (!may.Refused)
        {
            await Keep(host, new SchedulerState.Word(false, null, Removed: true), actor, "host removed");
            _state.Hosts.Remove(host);
        }

        return may;
    }

    private async Task<Outcome<HostView>> Known(HostName host) => (await List()).FirstOrDefault(h => h.Name == host) is { } known
        ? known
        : new Refusal(RefusalCode.HostNotFound, $"There is no compute host '{host}'.", host.Value);

    private async Task Keep(HostName host, SchedulerState.Word word, string actor, string what)
    {
        await ledger.Commit(s => SchedulerRows.Keep(s, host, word, actor, what));
        _state.Words[host] = word;
        LogSaid(host, what, actor);
    }

    private HostView Now(HostView row)
    {
        HostView view = !_state.Hosts.TryGetValue(row.Name, out SchedulerState.Heard? heard) ? row
            : SchedulerRules.IsLive(heard.View, time.GetUtcNow()) || heard.View.Status != HostStatus.Live ? heard.View
            : heard.View with { Status = HostStatus.Lost };
        return _state.Words.TryGetValue(row.Name, out SchedulerState.Word? word)
            ? view with { Drained = word.Drained, DrainReason = word.Reason }
            : view;
    }
}
