namespace NovaOrleans;

/// <summary>
/// Plays a compute host's agent: it renews, takes what it is told, and reports it as done. It has what it was told to have, so a
/// test can ask whether an old host has wiped itself.
/// </summary>
public sealed class TestHost : IHostObserver
{
    private readonly Cloud _cloud;
    private readonly List<HostRecord> _pushed = [];
    private readonly Dictionary<string, long> _told = [];
    private long _since = -1;
    private IHostObserver? _ear;

    public TestHost(Cloud cloud, string name = "node1") => (_cloud, Name) = (cloud, HostName.Parse(name));

    public HostName Name { get; }
    public long Epoch { get; private set; }
    public long Since => _since;
    public HostHello Hello { get; set; } = HelloOf(Cloud.Flat, Cloud.Vlan, Cloud.Troubled);

    /// <summary>What the host has now.</summary>
    public Dictionary<VnicId, BindRecord> Has { get; } = [];

    /// <summary>What it has taken away and not yet reported.</summary>
    public Dictionary<VnicId, long> TornDown { get; } = [];

    /// <summary>What it was told beside its bindings.</summary>
    public Dictionary<string, HostFact> Facts { get; } = [];

    public HostRecords? LastAnswer { get; private set; }

    private IHostGrain Grain => _cloud.Host(Name.Value);

    public static HostHello HelloOf(params ServicePath[] services) =>
        new("1.0", "none", services.ToDictionary(s => s.Value, _ => "1.0.0"));

    public static async Task<TestHost> Start(Cloud cloud, string name = "node1")
    {
        var host = new TestHost(cloud, name);
        await host.OpenSession();
        Assert.Null((await host.Renew()).Refusal);
        await host.UntilHeard();
        return host;
    }

    /// <summary>The scheduler is told beside the renewal, and a new one at the next.</summary>
    public Task UntilHeard() => Poll.Until(
        async () => (await _cloud.Grains.GetGrain<ISchedulerGrain>(0).List()).Any(h => h.Name == Name
            && h.Status == HostStatus.Live && h.Hello?.Services.ContainsKey(Cloud.Flat.Value) == true),
        "the scheduler has heard of the host");

    public async Task OpenSession()
    {
        Epoch = (await Grain.OpenSession(Hello)).Epoch;
        _since = -1;
    }

    /// <summary>Also listens to pushes from the next renewal on.</summary>
    public void Listen() => _ear = _cloud.Client.CreateObjectReference<IHostObserver>(this);

    public HashSet<long> PushedRevisions()
    {
        lock (_pushed)
        {
            return [.. _pushed.Select(r => r.Revision)];
        }
    }

    public Task Pushed(HostRecord record)
    {
        lock (_pushed)
        {
            _pushed.Add(record);
        }

        return Task.CompletedTask;
    }

    public async Task<Outcome<HostRecords>> Renew(long? since = null)
    {
        Outcome<HostRecords> answer = await Grain.Renew(new RenewHost(Epoch, since ?? _since, Hello), _ear);
        if (answer.Try(out HostRecords? records, out _))
        {
            LastAnswer = records;
            Take(records);
        }

        return answer;
    }

    public Task<Outcome> Report(BindingOutcome? bound = BindingOutcome.Applied, string? fault = null)
    {
        List<BindingReport> results = [.. TornDown.Select(t => new BindingReport(t.Key, t.Value, BindingOutcome.TornDown))];
        if (bound is { } outcome)
        {
            results.AddRange(Has.Values.Select(b => new BindingReport(b.Binding.Vnic, b.Binding.Generation, outcome, fault)));
        }

        return Report(results);
    }

    public Task<Outcome> Report(IReadOnlyList<BindingReport> results) => Grain.Report(new HostReport(Epoch, _since, results));

    /// <summary>The revision at which a fact was told last.</summary>
    public long LastRevisionOf(string fact) => _told[fact];

    public Task<Outcome> ReportLeases(params LeaseReport[] leases) =>
        Grain.ReportLeases(new HostLeases(Epoch, IsWhole: false, leases));

    public Task<Outcome> ReportLeases(bool whole, params LeaseReport[] leases) =>
        Grain.ReportLeases(new HostLeases(Epoch, whole, leases));

    /// <summary>Renews and reports until it holds, as an agent does that lives.</summary>
    public Task Until(Func<Task<bool>> reached, string what) => Poll.Until(
        async () =>
        {
            Assert.Null((await Renew()).Refusal);
            Assert.Null((await Report()).Refusal);
            return await reached();
        },
        what);

    private void Take(HostRecords records)
    {
        if (records.IsSnapshot)
        {
            var named = records.Records.OfType<BindRecord>().Select(b => b.Binding.Vnic).ToHashSet();
            foreach (VnicId gone in Has.Keys.Where(v => !named.Contains(v)).ToList())
            {
                Has.Remove(gone);
            }

            Facts.Clear();
        }

        foreach (HostRecord record in records.Records)
        {
            if (record is BindRecord bind)
            {
                Has[bind.Binding.Vnic] = bind;
                TornDown.Remove(bind.Binding.Vnic);
            }
            else if (record is TeardownRecord teardown)
            {
                Has.Remove(teardown.Vnic);
                TornDown[teardown.Vnic] = teardown.Generation;
            }
            else if (record is FactRecord { Fact: { } fact } told)
            {
                Facts[told.Key] = fact;
                _told[told.Key] = told.Revision;
            }
            else if (record is FactRecord over)
            {
                Facts.Remove(over.Key);
            }
        }

        _since = records.Head;
    }
}
