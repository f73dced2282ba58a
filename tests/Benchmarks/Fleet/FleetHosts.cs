using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Benchmarks.Fleet;

/// <summary>
/// Compute hosts as the core sees them: each opens a session, gets its instances, is told of their NICs, and reports them as applied, as
/// its agent would. Then it is heard of no more, as a host that is lost; what it has is not touched.
/// </summary>
internal sealed class FleetHosts(IGrainFactory grains, FleetPlan plan)
{
    private const int Tries = 5;
    private static readonly ProjectId s_project = ProjectId.Parse("demo");
    private static readonly ServicePath s_service = ServicePath.Parse($"nova.network.{BenchApi.Service}");

    private static readonly HostHello s_hello =
        new("bench", "none", new Dictionary<string, string> { [s_service.Value] = "1" });

    /// <summary>A few hosts at once, until every one has its instances.</summary>
    /// <param name="vnics">One for each NIC.</param>
    /// <param name="bound">Called with how many NICs are bound by then.</param>
    public async Task Bind(IReadOnlyList<VnicId> vnics, Action<int> bound)
    {
        int each = plan.InstancesOfHost * plan.NicsOfInstance, there = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, plan.Hosts), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (host, _) =>
            {
                await BindTo(HostName.Parse($"fleet{host}"), [.. vnics.Skip(host * each).Take(each).Chunk(plan.NicsOfInstance)]);
                bound(Interlocked.Add(ref there, each));
            });
    }

    private async Task BindTo(HostName name, VnicId[][] instances)
    {
        IHostGrain host = grains.GetGrain<IHostGrain>(name.Value);
        HostSession session = await host.OpenSession(s_hello);
        foreach (VnicId[] nics in instances)
        {
            await Launch(host, session, new CreateInstance(s_project, s_service, "fleet", nics, [], "bench", name));
        }

        HostRecords told = await Renew(host, session);
        Outcome reported = await host.Report(new HostReport(session.Epoch, told.Head,
        [
            .. told.Records.OfType<BindRecord>().Select(
                b => new BindingReport(b.Binding.Vnic, b.Binding.Generation, BindingOutcome.Applied)),
        ]));
        if (reported.Refused)
        {
            throw new InvalidOperationException($"a report of {name} was refused: {reported.Refusal}");
        }
    }

    /// <summary>A host that was not heard of for 15 s takes nothing: on a busy machine it says more than once that it is there.</summary>
    private async Task Launch(IHostGrain host, HostSession session, CreateInstance command)
    {
        Refusal? refusal = null;
        for (int turn = 0; turn < Tries; turn++)
        {
            await Renew(host, session);
            if ((await grains.GetGrain<IInstanceGrain>(InstanceId.New().Value).Create(command)).Refusal is not { } refused)
            {
                return;
            }

            refusal = refused;
        }

        throw new InvalidOperationException($"an instance on {command.Host} was refused: {refusal}");
    }

    private static async Task<HostRecords> Renew(IHostGrain host, HostSession session)
    {
        Outcome<HostRecords> told = await host.Renew(new RenewHost(session.Epoch, -1, s_hello), null);
        return told.Refused ? throw new InvalidOperationException($"a renewal was refused: {told.Refusal}") : told.Value;
    }
}
