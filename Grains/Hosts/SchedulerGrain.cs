
namespace NovaOrleans.Hosts;

/// <summary>See <see cref="ISchedulerGrain"/>.</summary>
public sealed partial class SchedulerGrain(ILedger ledger, TimeProvider time, ILogger<SchedulerGrain> logger)
    : Grain, ISchedulerGrain
{
    private readonly SchedulerState _state = new();

    public Task<Outcome<HostName>> Choose(ServicePath service, int vnics, HostName? wanted)
    {
        Outcome<HostName> chosen = SchedulerRules.Choose(_state, service, wanted, time.GetUtcNow());
        if (chosen.Refused)
        {
            LogNone(service, chosen.Refusal.Reason);
        }
        else
        {
            SchedulerState.Heard heard = _state.Hosts[chosen.Value];
            _state.Hosts[chosen.Value] = heard with { Reserved = heard.Reserved + vnics };
        }

        return Task.FromResult(chosen);
    }

    public Task Heard(HostView host)
    {
        _state.Hosts[host.Name] = new SchedulerState.Heard(host, 0);
        return Task.CompletedTask;
    }

    /// <summary>Every host that ever opened a session; what is newer than a row is what was heard.</summary>
    public async Task<IReadOnlyList<HostView>> List()
    {
        IReadOnlyList<HostView> known = await ledger.Read(HostRows.List);
        DateTimeOffset now = time.GetUtcNow();
        return [.. known.Select(h => _state.Hosts.TryGetValue(h.Name, out SchedulerState.Heard? heard)
            ? SchedulerRules.IsLive(heard.View, now) || heard.View.Status != HostStatus.Live
                ? heard.View
                : heard.View with { Status = HostStatus.Lost }
            : h)];
    }
}
