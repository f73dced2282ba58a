using System.Collections.Concurrent;
using System.Globalization;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Faults;

/// <summary>
/// Does what the schedule says to the cluster's processes and links, and lets nothing stay dead: whatever ends without having
/// been killed is started again, as a supervisor would. Only processes and links of the run's own cluster are touched.
/// </summary>
internal sealed class Nemesis(NovaCluster cluster, HostLinks links, PoolPlaces places, History history, Action<string> say)
{
    /// <summary>A silo that was voted out while it was frozen notices when it goes on.</summary>
    private static readonly TimeSpan s_noticesItsDeath = TimeSpan.FromSeconds(12);

    /// <summary>Of one process, one thing at a time.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();
    private readonly List<Fault> _faults = [];
    private readonly ConcurrentQueue<string> _notes = new();

    public IReadOnlyList<Fault> Faults => [.. _faults.OrderBy(f => f.Start)];

    /// <summary>What nobody had planned.</summary>
    public IReadOnlyList<string> Notes => [.. _notes];

    /// <summary>Ends when the last fault is over and everything runs.</summary>
    /// <param name="plan">The faults.</param>
    /// <param name="gap">Seconds from the end of a grave one to one whose turn came meanwhile.</param>
    /// <param name="until">A grave one whose turn comes later, since those before it took so long, is left out.</param>
    public async Task Run(IEnumerable<PlannedFault> plan, double gap = Schedule.Gap, double until = double.PositiveInfinity)
    {
        using CancellationTokenSource ended = new();
        Task supervisor = Supervise(ended.Token);
        try
        {
            await InflictAll(plan, gap, until);
        }
        finally
        {
            // Whoever takes the cluster down after a failure would fight with it.
            await ended.CancelAsync();
            await supervisor;
        }
    }

    private async Task InflictAll(IEnumerable<PlannedFault> plan, double gap, double until)
    {
        List<Task> all = [];
        Task grave = Task.CompletedTask;
        // What comes late moves all that comes after it: the time between them is what tells them apart.
        double late = 0;
        foreach (PlannedFault fault in plan.OrderBy(f => f.At))
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, fault.At + late - history.Now)));
            Task one;
            if (fault.Kind is FaultKind.FacadeKill or FaultKind.AgentKill or FaultKind.LinkCut)
            {
                one = Inflict(fault);
            }
            else
            {
                // Two silos at once, or a silo and the database, would be told apart by nobody.
                if (!grave.IsCompleted)
                {
                    await grave;
                    await Pause(gap);
                }

                late = Math.Max(late, history.Now - fault.At);
                if (history.Now + fault.Seconds > until)
                {
                    Note($"{fault.Kind} was planned for {fault.At:0.0} s, and there is no time left for it");
                    continue;
                }

                one = grave = Inflict(fault);
            }

            all.Add(one);
        }

        await Task.WhenAll(all);
    }

    private async Task Inflict(PlannedFault plan)
    {
        bool silo = plan.Kind is FaultKind.SiloKill or FaultKind.SiloFreeze;
        IReadOnlyDictionary<string, PoolPlace> pools = silo
            ? await places.On(cluster.Plan.SiloPort(plan.Target)) : places.All;
        using (await Turn(Victim(plan)))
        {
            Fault fault = new(plan, history.Now) { Pools = pools };
            lock (_faults)
            {
                _faults.Add(fault);
            }

            say(string.Create(CultureInfo.InvariantCulture, $"{fault.Start,7:0.0} s  {fault.Name} for {plan.Seconds:0.0} s"));
            await (plan.Kind switch
            {
                FaultKind.SiloFreeze => Freeze(fault),
                FaultKind.PostgresRestart => RestartDatabase(fault),
                FaultKind.LinkCut => Cut(fault),
                _ => Kill(fault),
            });
        }
    }

    private async Task Kill(Fault fault)
    {
        ClusterProcess process = Process(fault.Plan);
        await process.Kill();
        await Pause(fault.Plan.Seconds);
        await Up(process);
        fault.End = history.Now;
    }

    private async Task RestartDatabase(Fault fault)
    {
        await cluster.Postgres.StopGracefully();
        await Pause(fault.Plan.Seconds);
        await Up(cluster.Postgres);
        fault.End = history.Now;
    }

    private async Task Freeze(Fault fault)
    {
        ClusterProcess silo = Process(fault.Plan);
        silo.Freeze();
        await Pause(fault.Plan.Seconds);
        silo.Thaw();
        fault.End = history.Now;
        try
        {
            await silo.UntilEnded(s_noticesItsDeath);
            await Up(silo);
        }
        catch (TimeoutException) when (silo.IsRunning)
        {
            Note($"{silo.Name} was frozen for {fault.Plan.Seconds:0.0} s and went on as a member");
        }
    }

    private async Task Cut(Fault fault)
    {
        await links.Cut(fault.Plan.Target);
        await Pause(fault.Plan.Seconds);
        await links.Restore(fault.Plan.Target);
        fault.End = history.Now;
    }

    private async Task Supervise(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (ClusterProcess process in cluster.Processes.Where(p => !p.IsRunning))
            {
                SemaphoreSlim turn = TurnOf(process.Name);
                if (await turn.WaitAsync(0, CancellationToken.None))
                {
                    try
                    {
                        if (!process.IsRunning)
                        {
                            Note($"{process.Name} ended by itself and was started again; it said: {LastWords(process)}");
                            await Up(process);
                        }
                    }
                    finally
                    {
                        turn.Release();
                    }
                }
            }

            await Task.Delay(300, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// As often as it takes: a silo does not come up without its database, and a database not while the processes of the one
    /// before have not noticed its death.
    /// </summary>
    private static Task Up(ClusterProcess process) => Poll.Until(
        async () =>
        {
            try
            {
                if (!process.IsRunning)
                {
                    process.Launch();
                }

                await process.UntilUp();
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        },
        $"{process.Name} is up again", TimeSpan.FromMinutes(2));

    private void Note(string text)
    {
        string note = string.Create(CultureInfo.InvariantCulture, $"{history.Now,7:0.0} s  {text}");
        _notes.Enqueue(note);
        say(note);
    }

    private static string LastWords(ClusterProcess process) =>
        process.Said(2000).Split('\n').LastOrDefault(l => l.Contains("fail", StringComparison.OrdinalIgnoreCase)
            || l.Contains("fatal", StringComparison.OrdinalIgnoreCase) || l.Contains("dead", StringComparison.OrdinalIgnoreCase)) ?? "nothing";

    private ClusterProcess Process(PlannedFault plan) => plan.Kind switch
    {
        FaultKind.SiloKill or FaultKind.SiloFreeze => cluster.Silos[plan.Target],
        FaultKind.FacadeKill => cluster.Facades[plan.Target],
        FaultKind.AgentKill => cluster.Agents[plan.Target],
        _ => cluster.Postgres,
    };

    private string Victim(PlannedFault plan) => plan.Kind == FaultKind.LinkCut ? $"link {plan.Target}" : Process(plan).Name;

    private SemaphoreSlim TurnOf(string victim) => _turns.GetOrAdd(victim, _ => new SemaphoreSlim(1));

    private async Task<IDisposable> Turn(string victim)
    {
        SemaphoreSlim turn = TurnOf(victim);
        await turn.WaitAsync();
        return new Release(turn);
    }

    private static Task Pause(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds));

    private sealed class Release(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
