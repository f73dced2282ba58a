using System.Globalization;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Faults;

/// <summary>
/// One run: a cluster of processes, load on it, faults under the load; then what clients saw is held against what was promised.
/// It must be in a network namespace of its own (<see cref="Space"/>).
/// </summary>
internal sealed class FaultRun(RunOptions options, Action<string> say)
{
    private static readonly Victims s_victims = new(Silos: 3, Facades: 2, Agents: 2);

    private string Folder => options.Folder;

    /// <summary>Whether everything held.</summary>
    public async Task<bool> Run()
    {
        Directory.CreateDirectory(Folder);
        say($"faults of seed {options.Seed}: {options.Seconds.ToString("0", CultureInfo.InvariantCulture)} s with {s_victims.Silos} silos, "
            + $"{s_victims.Facades} facades, {s_victims.Agents} agents, {options.Networks} networks");
        HostLinks links = await HostLinks.Make(options.Space!, s_victims.Agents);
        using Papers papers = new();
        await using NovaCluster cluster = await NovaCluster.Start(new ClusterPlan
        {
            Silos = s_victims.Silos,
            Facades = s_victims.Facades,
            Agents = s_victims.Agents,
            Spaces = links.HostSpaces,
            AgentSpaces = links.AgentSpaces,
            SiloAddress = HostLinks.SiloAddress,
            // Ports on hosts in the kernel, and nobody behind them: guests are for other tests.
            AgentOptions = ["--compute", "none"],
            SiloOptions = papers.Options("silo"),
            FacadeOptions = papers.Options("api"),
            OwnAgentOptions = [.. Enumerable.Range(0, s_victims.Agents).Select(n => papers.Options($"host/{ClusterPlan.HostOf(n)}"))],
        });
        bool held = false;
        try
        {
            held = await On(cluster, links, papers);
            return held;
        }
        finally
        {
            if (!held)
            {
                KeepLogs(cluster);
            }
        }
    }

    private async Task<bool> On(NovaCluster cluster, HostLinks links, Papers papers)
    {
        IReadOnlyList<string> networks = await Cloud.Make(cluster.Http, options.Networks);
        await using PoolPlaces places = await PoolPlaces.Open(cluster.Database, papers, networks);
        await using History history = new(Path.Combine(Folder, "history.jsonl"));
        Nemesis nemesis = new(cluster, links, places, history, say);
        using CancellationTokenSource stop = new();
        Task load = Load(cluster.Http, networks, history, stop.Token);
        double seconds;
        try
        {
            await (options.Short
                ? nemesis.Run(Schedule.Short(options.Seed, s_victims), Schedule.ShortGap)
                : nemesis.Run(Schedule.Make(options.Seed, options.Seconds, s_victims), until: options.Seconds));
            await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, options.Seconds - history.Now)));
        }
        finally
        {
            seconds = history.Now;
            await stop.CancelAsync();
        }

        await load;
        say("the load has ended, and every outcome is known; until everything has settled …");
        Ending end = await Cloud.Settle(cluster.Http, links.HostSpaces);
        return Report(history.Calls, end, nemesis, seconds);
    }

    private Task Load(ClusterHttp http, IReadOnlyList<string> networks, History history, CancellationToken stop)
    {
        IEnumerable<Task> cards = networks.Select((network, n) => new CardLoad(
            network, new Caller($"cards{n}", http, history, options.Seed + n)).Run(stop));
        IEnumerable<Task> servers = Enumerable.Range(0, options.ServerClients).Select(n => new ServerLoad(
            networks, new Caller($"servers{n}", http, history, options.Seed + 1000 + n)).Run(stop));
        return Task.WhenAll([.. cards, .. servers]);
    }

    private bool Report(IReadOnlyList<Call> calls, Ending end, Nemesis nemesis, double seconds)
    {
        ILookup<string, (double, double)> operations = Recovery.Operations(calls);
        Outage[] outages = [.. nemesis.Faults.Select(f => Recovery.After(f, operations))];
        IReadOnlyList<Second> availability = Availability.PerSecond(calls, seconds);
        string timeline = Timeline.Of(options, outages, availability, nemesis.Notes);
        File.WriteAllText(Path.Combine(Folder, "timeline.txt"), timeline);
        File.WriteAllText(
            Path.Combine(Folder, "availability.svg"), Plot.Of($"Availability under faults, seed {options.Seed}", availability, nemesis.Faults));
        IReadOnlyList<Finding> findings = Checker.Check(calls, end);
        File.WriteAllLines(Path.Combine(Folder, "findings.txt"), findings.Select(f => f.ToString()));
        say("");
        say(timeline);
        return new Verdict(findings, outages, judgesTimes: !options.Short).Say(say, Folder, end);
    }

    private void KeepLogs(NovaCluster cluster)
    {
        foreach (ClusterProcess process in cluster.Processes.Where(p => File.Exists(p.Log)))
        {
            File.Copy(process.Log, Path.Combine(Folder, Path.GetFileName(process.Log)), overwrite: true);
        }
    }
}
