using NovaOrleans.Hosting;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Vnics;

namespace NovaOrleans.Hosts;

/// <summary>See <see cref="IHostGrain"/>.</summary>
public sealed partial class HostGrain(
    ILedger ledger, HostRows rows, RecordText text, NetworkServiceManager services, TimeProvider time, ILogger<HostGrain> logger)
    : Grain, IHostGrain, IDisposable
{
    /// <summary>An agent renews every 3 to 5 s; after three missed ones the host counts as lost.</summary>
    private static readonly TimeSpan s_lostAfter = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A hint that was lost, as one is with the silo that was about to give it, costs no more than this. At half of it 400 idle
    /// hosts asked the database some 230 times a second.
    /// </summary>
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _writing = new(1);
    private HostState _state = null!;
    private IHostObserver? _observer;
    private DateTimeOffset? _lastSeen;
    private long _ignored;
    private int _differences;
    private bool _snapshotDue;

    private HostName Name => _state.Name;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _state = _kept = await ledger.Read(s => rows.Load(s, HostName.Parse(this.GetPrimaryKeyString())));
        _keeping = this.RegisterGrainTimer(_ => KeepRemembered(), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _tellingAgain = this.RegisterGrainTimer(
            _ =>
            {
                TellInstances();
                return Task.CompletedTask;
            },
            TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        this.RegisterGrainTimer(
            _ => _state.Epoch == 0 ? Task.CompletedTask : LookAgain(HostNews.All),
            // Hosts that come back together, after a silo's death say, do not look together for ever.
            s_lookAgain * Random.Shared.NextDouble(), s_lookAgain);
    }

    public async Task<HostSession> OpenSession(HostHello hello)
    {
        await Change(s => s with { Epoch = s.Epoch + 1, Fenced = false, Hello = hello });
        _observer = null;
        _snapshotDue = true;
        Seen();
        await LookAgain(HostNews.All);
        LogSession(Name, _state.Epoch, _state.Revision);
        return new HostSession(_state.Epoch, _state.Revision);
    }

    public async Task<Outcome<HostRecords>> Renew(RenewHost command, IHostObserver? observer)
    {
        if (Stale(command.Epoch) is { } stale)
        {
            return stale;
        }

        if (_state.Hello is null || !Same(_state.Hello, command.Hello))
        {
            await Change(s => s with { Hello = command.Hello });
        }

        _observer = observer;
        _differences = command.Differences;
        Seen();
        TellInstances();
        // A fence takes bindings off the log without a teardown: what an agent knew before its session is not built upon.
        bool snapshot = _snapshotDue || command.Since < 0 || command.Since > _state.Revision;
        _snapshotDue = false;
        return new HostRecords(_state.Revision, snapshot, _state.Records(snapshot ? -1 : command.Since));
    }

    public async Task<Outcome> Report(HostReport report)
    {
        if (Stale(report.Epoch) is { } stale)
        {
            return stale;
        }

        await Change(state =>
        {
            (HostState reported, int ignored) = HostRules.Report(state, report);
            Ignored(ignored);
            return reported;
        });
        TellInstances();
        return Outcome.Done;
    }

    public async Task<Outcome<long>> Bind(InstanceSpec instance, IReadOnlyList<HostBinding> bindings)
    {
        using IDisposable looking = await Looking();
        IReadOnlyList<KeyValuePair<string, HostFact?>> facts = await FactsFor(bindings);
        Refusal? refusal = null;
        string? request = RequestTrace.Current;
        Outcome changed = await ChangeAndPush(
            // The facts first: a port that comes up before the rules of its groups would stay shut until they are there.
            state => HostRules.Bind(HostRules.Tell(state, facts), instance, bindings).Try(out HostState? bound, out refusal)
                ? HostRules.AskedBy(bound, state.Revision, request) : state,
            session => HostRows.NotAttached(session, Name, bindings));
        refusal ??= changed.Refusal;
        LogBound(Name, bindings.Count, instance.Id, _state.Revision);
        return refusal is null ? _state.Revision : refusal;
    }

    public async Task<Outcome<TeardownResult>> Teardown(InstanceId instance, IReadOnlyList<VnicGeneration> vnics)
    {
        IReadOnlyList<VnicGeneration> gone = [];
        string? request = RequestTrace.Current;
        // That the host has nothing of a VNIC ends its attachment: a silo that was frozen may still be in the middle of binding it.
        _ = await ChangeAndPush(
            state =>
            {
                (HostState torn, gone) = HostRules.Teardown(state, instance, vnics);
                return HostRules.AskedBy(torn, state.Revision, request);
            },
            always: true);
        LogTornDown(Name, vnics.Count - gone.Count, instance, _state.Revision);
        return new TeardownResult(_state.Revision, gone);
    }

    public async Task<Outcome> BindVnicsToPorts(long epoch, IReadOnlyList<VnicId> vnics)
    {
        if (Stale(epoch) is { } stale)
        {
            return stale;
        }

        foreach (VnicId vnic in vnics)
        {
            VnicRows.Card? card = await ledger.Read(s => VnicRows.Load(s, vnic));
            // A host may speak for the VNICs that it was told of, and for no others.
            if (card is null || !_state.Entries.ContainsKey(vnic))
            {
                return Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", vnic);
            }

            if (!services.OsService(card.Service).Try(out IOsService? service, out Refusal? unknown))
            {
                return unknown;
            }

            Outcome bound = await service.BindVnicsToPorts(card.Project, [vnic]);
            if (bound.Refused)
            {
                return bound;
            }
        }

        return Outcome.Done;
    }

    public async Task<Outcome<FenceResult>> Fence(string actor)
    {
        if (_state.Epoch == 0)
        {
            return Refusal.NotFound(RefusalCode.HostNotFound, "host", Name);
        }

        IReadOnlyList<VnicId> released = [.. _state.Entries.Values.Where(e => e.OnHost).Select(e => e.Vnic)];
        await Change(HostRules.Fence, actor: actor);
        _observer = null;
        _lastSeen = null;
        LogFenced(Name, _state.Epoch, released.Count);
        TellInstances();
        _ = TellScheduler();
        return new FenceResult(_state.Epoch, released);
    }

    public Task<HostView> Describe() => Task.FromResult(View());

    public Task<HostRecords> Snapshot() => Task.FromResult(new HostRecords(_state.Revision, true, _state.Records(-1)));

    public void Dispose()
    {
        _writing.Dispose();
        _looking.Dispose();
    }

    private HostView View()
    {
        HostStatus status = (_state.Fenced, _state.Epoch, _lastSeen) switch
        {
            (true, _, _) => HostStatus.Fenced,
            (_, 0, _) => HostStatus.Unknown,
            (_, _, { } seen) when time.GetUtcNow() - seen < s_lostAfter => HostStatus.Live,
            _ => HostStatus.Lost,
        };
        return new HostView(
            Name, status, _state.Epoch, _state.Revision, _state.ReportedRevision, _state.Entries.Values.Count(e => e.OnHost),
            _ignored, _lastSeen, _state.Hello)
        {
            Differences = _differences,
        };
    }

    private Refusal? Stale(long epoch)
    {
        if (epoch == _state.Epoch && !_state.Fenced)
        {
            return null;
        }

        Ignored(1);
        LogStale(Name, epoch, _state.Epoch);
        return new Refusal(
            RefusalCode.Stale, $"Host {Name} is at epoch {_state.Epoch}{(_state.Fenced ? ", fenced" : "")}; this is epoch {epoch}.",
            Name.Value);
    }

    private void Ignored(int reports)
    {
        _ignored += reports;
        CloudMeter.Ignored(reports);
    }

    private void Seen()
    {
        _lastSeen = time.GetUtcNow();
        _ = TellScheduler();
    }

    private static bool Same(HostHello a, HostHello b) => a.AgentVersion == b.AgentVersion
        && a.ComputeDriver == b.ComputeDriver && a.Address == b.Address && a.Services.Count == b.Services.Count
        && a.Services.All(s => b.Services.TryGetValue(s.Key, out string? version) && version == s.Value);
}
