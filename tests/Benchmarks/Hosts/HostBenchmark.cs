using System.Diagnostics;
using NovaOrleans.Agent;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Hosts;

/// <summary>
/// One compute host with 1,000 VNICs in security groups: from nothing, again after a restart, and with one more of each; beside it
/// the same rules written port by port, loaded and passed through in the same run.
/// </summary>
internal static class HostBenchmark
{
    private const int Vnics = 1000;

    public static async Task<int> Run(BenchOptions options)
    {
        List<Round> rounds = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            BenchOptions.Say($"round {round + 1} of {options.Rounds}");
            rounds.Add(await Measure());
        }

        BenchOptions.Say("traffic");
        return Print(new Figures(options.Json), rounds, await MeasureTraffic(options.Seconds));
    }

    private static async Task<Round> Measure()
    {
        await using HostSpace host = await HostSpace.Create();
        CrowdedHost crowd = new(Vnics);
        (double Apply, double Round) cold = await host.Reconcile(crowd.Build());

        host.Restart();
        long began = Stopwatch.GetTimestamp();
        Plan plan = await host.PlanFor(crowd.Build());
        double restart = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        int writes = plan.Steps.Count;

        CrowdedHost more = crowd with { Vnics = Vnics + 1 };
        (double Apply, double Round) vnic = await host.Reconcile(more.Build());
        (double Apply, double Round) member = await host.Reconcile((more with { MoreMembers = 1 }).Build());

        await using HostSpace other = await HostSpace.Create();
        double linear = await other.Load(crowd.LinearRules());
        return new Round(cold, restart, writes, vnic, member, linear);
    }

    /// <summary>Through our rules, through linear ones and through none, between the last two guests of one network.</summary>
    private static async Task<(double Gigabits, double Packets)[]> MeasureTraffic(int seconds)
    {
        await using HostSpace host = await HostSpace.Create();
        await using Netns one = await Netns.Create("nvb"), two = await Netns.Create("nvb");
        (int from, int to) = (Vnics - 11, Vnics - 1);
        CrowdedHost crowd = new(Vnics) { Guests = new Dictionary<int, string> { [from] = one.Name, [to] = two.Name } };
        await host.Reconcile(crowd.Build());
        foreach ((Netns guest, int vnic) in new[] { (one, from), (two, to) })
        {
            await guest.Ip("addr", "add", $"{CrowdedHost.AddressOf(vnic)}/16", "dev", "eth0");
            await guest.Ip("link", "set", "eth0", "up");
        }

        List<(double, double)> measured = [];
        foreach (string? rules in new[] { null, crowd.LinearRules(), "" })
        {
            if (rules is not null)
            {
                await host.Load("flush ruleset\n" + rules);
            }

            measured.Add(await Traffic.Measure(one.Name, two.Name, CrowdedHost.AddressOf(to), seconds));
        }

        return [.. measured];
    }

    private static int Print(Figures figures, List<Round> rounds, (double Gigabits, double Packets)[] traffic)
    {
        double Of(Func<Round, double> value) => Figures.Median(rounds.Select(value));
        figures.AtMost($"host cold apply {Vnics} vnics", Of(r => r.Cold.Apply), "ms", 2500);
        figures.Add("host cold round", Of(r => r.Cold.Round), "ms");
        figures.AtMost("host restart without change", Of(r => r.Restart), "ms", 1000);
        figures.AtMost("host restart kernel writes", rounds.Max(r => r.Writes), "steps", 0);
        figures.AtMost("host one vnic more apply", Of(r => r.Vnic.Apply), "ms", 50);
        figures.Add("host one vnic more round", Of(r => r.Vnic.Round), "ms");
        figures.AtMost("host one member more apply", Of(r => r.Member.Apply), "ms", 20);
        figures.Add("host one member more round", Of(r => r.Member.Round), "ms");
        figures.Add("host linear rules load", Of(r => r.Linear), "ms");
        string[] names = ["rules", "linear rules", "no rules"];
        for (int i = 0; i < names.Length; i++)
        {
            figures.Add($"host tcp through {names[i]}", traffic[i].Gigabits, "Gbit/s", traffic[2].Gigabits);
            figures.Add($"host packets through {names[i]}", traffic[i].Packets, "1/s", traffic[2].Packets);
        }

        return figures.Close();
    }

    private sealed record Round(
        (double Apply, double Round) Cold, double Restart, int Writes, (double Apply, double Round) Vnic,
        (double Apply, double Round) Member, double Linear);
}
