using System.Diagnostics.Metrics;

namespace NovaOrleans.Agent;

/// <summary>The agent's figures, as a meter that any collector of .NET metrics may listen to.</summary>
public sealed class AgentMetrics : IDisposable
{
    public const string MeterName = "NovaOrleans.Agent";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _rounds;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _repairs;
    private ImmutableSortedDictionary<string, int> _differences = DesiredHost.Named<int>();
    private long _repairsEver;

    public AgentMetrics()
    {
        _rounds = _meter.CreateCounter<long>("nova_agent_rounds", description: "Looks at the whole host.");
        _steps = _meter.CreateCounter<long>("nova_agent_steps", description: "Steps that were run, by outcome.");
        _repairs = _meter.CreateCounter<long>("nova_agent_repairs", description: "Steps that mended what was spoilt, by phase.");
        _meter.CreateObservableGauge(
            "nova_agent_differences",
            () => _differences.Select(d => new Measurement<int>(d.Value, Tag("phase", d.Key))),
            description: "Steps between the host as it is and as it should be, by phase.");
        _meter.CreateObservableGauge(
            "nova_agent_repairs_ever", () => _repairsEver, description: "Repairs on this host, over restarts of its agent.");
    }

    /// <summary>To tell this agent's figures from another's in the same process.</summary>
    public bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, _meter);

    /// <summary>A host was looked at, and this much differs.</summary>
    public void Looked(Plan differences, int faults, long repairsEver)
    {
        _rounds.Add(1);
        _differences = DesiredHost.Named<int>()
            .AddRange(Enum.GetNames<Phase>().Select(p => KeyValuePair.Create(p, 0)))
            .SetItems(differences.Phases.Select(p => KeyValuePair.Create(p.Key.ToString(), p.Count())))
            .SetItem("Translate", faults);
        _repairsEver = repairsEver;
    }

    public void Ran(Applied applied)
    {
        int done = applied.Results.Count(r => r.Done);
        _steps.Add(done, Tag("outcome", "done"));
        _steps.Add(applied.Results.Count - done, Tag("outcome", "failed"));
    }

    public void Repaired(IReadOnlyList<Step> steps)
    {
        foreach (IGrouping<Phase, Step> phase in steps.GroupBy(s => s.Phase))
        {
            _repairs.Add(phase.Count(), Tag("phase", phase.Key.ToString()));
        }
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
