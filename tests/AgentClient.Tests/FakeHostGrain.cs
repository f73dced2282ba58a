using System.Collections.Immutable;
using NovaOrleans.Agent;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>
/// A host's grain in this process, with the real one's log: records by revision, epochs, and pushes that a test may lose or
/// reorder. The door to it can be closed.
/// </summary>
internal sealed class FakeHostGrain : IHostGrain, IHostDoor
{
    private readonly Lock _lock = new();
    private readonly List<HostRecord> _records = [];
    private IHostObserver? _observer;
    private long _lostIn;

    public long Epoch { get; private set; }
    public long Head => _records.Count;
    public bool Unreachable { get; set; }
    /// <summary>The answer to the first renewal of every session does not arrive.</summary>
    public bool LosesFirstAnswers { get; set; }

    public int Rebuilt { get; private set; }
    public int Renewals { get; private set; }
    public ImmutableList<HostReport> Reports { get; private set; } = [];
    public ImmutableDictionary<VnicId, BindingReport> Told { get; private set; } = ImmutableDictionary<VnicId, BindingReport>.Empty;

    /// <summary>What becomes of pushes: usually they arrive.</summary>
    public Func<HostRecord, IEnumerable<HostRecord>> Carry { get; set; } = r => [r];

    public void Append(Func<long, HostRecord> record)
    {
        lock (_lock)
        {
            _records.Add(record(Head + 1));
            foreach (HostRecord carried in Carry(_records[^1]))
            {
                _ = _observer?.Pushed(carried);
            }
        }
    }

    public void Bind(InstanceSpec instance, HostBinding binding) => Append(n => new BindRecord(n, instance, binding));

    public void Teardown(InstanceSpec instance, VnicId vnic, long generation) =>
        Append(n => new TeardownRecord(n, instance.Id, vnic, generation));

    /// <summary>The operator's word that the host is dead: its session ends and it has nothing.</summary>
    public void FenceNow()
    {
        lock (_lock)
        {
            Epoch++;
            _records.Clear();
        }
    }

    public Task<IHostGrain> Open(CancellationToken stop) => Unreachable
        ? throw new TimeoutException("the silo does not answer")
        : Task.FromResult<IHostGrain>(this);

    public IHostObserver Ear(IHostObserver listener) => listener;

    public Task Rebuild()
    {
        Rebuilt++;
        return Task.CompletedTask;
    }

    /// <summary>What the agent last said of itself.</summary>
    public HostHello? Hello { get; private set; }

    public Task<HostSession> OpenSession(HostHello hello)
    {
        Hello = hello;
        return Task.FromResult(new HostSession(++Epoch, Head));
    }

    public Task<Outcome<HostRecords>> Renew(RenewHost command, IHostObserver? observer)
    {
        lock (_lock)
        {
            Renewals++;
            Hello = command.Hello;
            if (LosesFirstAnswers && command.Epoch == Epoch && _lostIn != Epoch)
            {
                _lostIn = Epoch;
                throw new TimeoutException("the answer was lost");
            }

            _observer = observer;
            bool snapshot = command.Since < 0;
            return Task.FromResult<Outcome<HostRecords>>(command.Epoch != Epoch
                ? new Refusal(RefusalCode.Stale, $"epoch {command.Epoch} is not {Epoch}")
                : new HostRecords(Head, snapshot, [.. _records.Where(r => r.Revision > command.Since)]));
        }
    }

    public Task<Outcome> Report(HostReport report)
    {
        if (report.Epoch != Epoch)
        {
            return Task.FromResult<Outcome>(new Refusal(RefusalCode.Stale, "an old epoch"));
        }

        Reports = Reports.Add(report);
        Told = Told.SetItems(report.Bindings.Select(b => KeyValuePair.Create(b.Vnic, b)));
        return Task.FromResult(Outcome.Done);
    }

    /// <summary>The leases that it was told of and that did not end.</summary>
    public ImmutableDictionary<(VnicId, Ip4Address), LeaseReport> Leases { get; private set; } =
        ImmutableDictionary<(VnicId, Ip4Address), LeaseReport>.Empty;

    public ImmutableList<HostLeases> LeaseReports { get; private set; } = [];

    public Task<Outcome> ReportLeases(HostLeases report)
    {
        if (report.Epoch != Epoch)
        {
            return Task.FromResult<Outcome>(new Refusal(RefusalCode.Stale, "an old epoch"));
        }

        LeaseReports = LeaseReports.Add(report);
        Leases = (report.IsWhole ? Leases.Clear() : Leases)
            .RemoveRange(report.Leases.Where(l => l.SecondsLeft is null).Select(l => (l.Vnic, l.Address)))
            .SetItems(report.Leases.Where(l => l.SecondsLeft is not null).Select(l => KeyValuePair.Create((l.Vnic, l.Address), l)));
        return Task.FromResult(Outcome.Done);
    }

    public Task<bool> HasLetGo(VnicId vnic, string? address) => throw new NotSupportedException("an agent does not ask this");

    public Task<HostRecords> Snapshot() => Task.FromResult(new HostRecords(Head, IsSnapshot: true, [.. _records]));

    public Task<Outcome> BindVnicsToPorts(long epoch, IReadOnlyList<VnicId> vnics) => Task.FromResult(Outcome.Done);

    public Task<Outcome<long>> Bind(InstanceSpec instance, IReadOnlyList<HostBinding> bindings) =>
        throw new NotSupportedException("an agent does not bind");

    public Task<Outcome<TeardownResult>> Teardown(InstanceId instance, IReadOnlyList<VnicGeneration> vnics) =>
        throw new NotSupportedException("an agent does not ask for teardowns");

    public Task<Outcome<FenceResult>> Fence(string actor) => throw new NotSupportedException("an agent does not fence");

    public Task LookAgain(HostNews news) => throw new NotSupportedException("an agent does not ask this");

    public Task<HostView> Describe() => throw new NotSupportedException("an agent does not ask");
}
