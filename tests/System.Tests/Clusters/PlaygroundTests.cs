using System.Diagnostics;
using System.Globalization;
using NovaOrleans.Testing;
using NovaOrleans.Testing.Clusters;
using Xunit.Abstractions;

namespace NovaOrleans.Systems.Clusters;

/// <summary>What people do with ./nova cluster, by the same programs.</summary>
[Trait("tier", "cluster")]
public sealed class PlaygroundTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string ManageIs = "./nova manage ";

    private readonly string _folder = Directory.CreateTempSubdirectory("nova-play-").FullName;
    private readonly HashSet<string> _spacesBefore = [.. Spaces()];

    public Task InitializeAsync()
    {
        // PostgreSQL's account must get through to its folder.
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (ClusterFolder.IsOne(_folder))
        {
            await using (NovaCluster left = ClusterFolder.Read(_folder))
            {
                output.WriteLine(left.Logs());
            }

            await Cluster("down");
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_cluster_comes_up_passes_the_demos_checks_and_goes_without_a_trace()
    {
        long begun = Stopwatch.GetTimestamp();
        (int exit, string said) = await Cluster("up");
        Assert.True(exit == 0, said);
        TimeSpan up = Stopwatch.GetElapsedTime(begun);
        Assert.Contains("export NOVA_URL=", said, StringComparison.Ordinal);
        await Follow(said);

        (exit, said) = await Cluster("up");
        Assert.True(exit == 0 && said.Contains("is up already", StringComparison.Ordinal), said);

        int[] processes;
        await using (NovaCluster cluster = ClusterFolder.Read(_folder))
        {
            processes = [.. cluster.Processes.Select(p => p.Id)];
            Assert.Equal(8, processes.Length);
            await cluster.Silos[2].Kill();
        }

        (exit, said) = await Cluster("status");
        Assert.True(exit == 1 && said.Contains("ended", StringComparison.Ordinal), said);
        (exit, said) = await Cluster("up");
        Assert.True(exit == 0 && said.Contains("silo3 has joined", StringComparison.Ordinal), said);

        (exit, said) = await Run("Demo", "--cluster", _folder);
        Assert.True(exit == 0, said);
        output.WriteLine($"figure: ./nova cluster up took {up.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s; on it: "
            + said.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);

        (exit, said) = await Cluster("down");
        Assert.True(exit == 0, said);
        Assert.False(Directory.Exists(_folder));
        Assert.All(processes, id => Assert.Null(ProcessRecord.Of(id)));
        Assert.DoesNotContain(Spaces(), s => s.StartsWith("nova-play-", StringComparison.Ordinal) && !_spacesBefore.Contains(s));
    }

    /// <summary>What up says to try, word for word, up to where it kills a silo.</summary>
    private async Task Follow(string said)
    {
        await using NovaCluster cluster = ClusterFolder.Read(_folder);
        string[] lines = [.. said.Split('\n').Select(l => l.Trim()).TakeWhile(l => !l.StartsWith("kill ", StringComparison.Ordinal))];
        foreach (string line in lines.Where(l => l.StartsWith(ManageIs, StringComparison.Ordinal)))
        {
            (int exit, string answer) = await Run(
                "Manage", [.. line[ManageIs.Length..].Split(' '), "--url", $"{cluster.Address(0)}", "--token", cluster.Token]);
            Assert.True(exit == 0, $"{line}: {answer}");
        }

        string[] pings = [.. lines.Where(l => l.StartsWith("ip netns exec ", StringComparison.Ordinal))];
        Assert.Equal(cluster.Plan.Spaces.Count > 0 ? 1 : 0, pings.Length);
        foreach (string ping in pings)
        {
            // ip netns exec SPACE ping -c 3 ADDRESS
            string[] words = ping.Split(' ');
            Assert.True(await Netns.Reaches(words[3], words[^1]), ping);
        }
    }

    private static string[] Spaces() =>
        Directory.Exists("/run/netns") ? [.. Directory.GetFiles("/run/netns").Select(f => Path.GetFileName(f)!)] : [];

    private Task<(int Exit, string Said)> Cluster(string verb) => Run("Playground", verb, "--dir", _folder);

    private static async Task<(int Exit, string Said)> Run(string program, params string[] arguments)
    {
        await using NovaProcess process = NovaProcess.Start(program, arguments);
        (int exit, string said, string errors) = await process.Ended(TimeSpan.FromMinutes(5));
        return (exit, said + errors);
    }
}
