using System.Diagnostics;
using System.Runtime.CompilerServices;
using NovaOrleans.Agent;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Benchmarks.Agents;

/// <summary>An agent's own session, which notes when the core has committed what it reported.</summary>
internal sealed class NotedSession(IHostLinkSession own, Action heard, Action<VnicId, long> committed) : IHostLinkSession
{
    public async IAsyncEnumerable<HeardRecords> Watch(long since, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (HeardRecords records in own.Watch(since, stop))
        {
            heard();
            yield return records;
        }
    }

    public async Task<Outcome> Report(HostReport report, CancellationToken stop)
    {
        Outcome outcome = await own.Report(report, stop);
        long now = Stopwatch.GetTimestamp();
        if (!outcome.Refused)
        {
            foreach (BindingReport taken in report.Bindings.Where(b => b.Outcome == BindingOutcome.Applied))
            {
                committed(taken.Vnic, now);
            }
        }

        return outcome;
    }

    public Task<Outcome> ReportLeases(HostLeases report, CancellationToken stop) => own.ReportLeases(report, stop);
}
