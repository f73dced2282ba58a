using System.Diagnostics;
using System.Security.Cryptography;

namespace NovaOrleans.Testing.Clusters;

/// <summary>
/// A whole cluster as processes on the loopback address: a PostgreSQL, silos, facades and agents, each on an endpoint that it
/// keeps. Every one of them can be killed, frozen, thawed, stopped in order and started again by itself.
/// <code>
/// await using NovaCluster cluster = await NovaCluster.Start(new ClusterPlan { Silos = 3, Facades = 2, Agents = 2 });
/// await cluster.Http.Post("/v1.1/projects", """{"project":{"id":"demo"}}""");
/// await cluster.Silos[1].Kill();
/// cluster.Silos[2].Freeze();
/// await cluster.Postgres.Restart();
/// await cluster.Silos[1].Start();          // on the endpoint it had
/// </code>
/// Logs and process ids are files in <see cref="Folder"/>. Disposing of one that was started here ends every process
/// and removes the folder; should the test's own process die first, a watcher does.
/// </summary>
public sealed class NovaCluster : IAsyncDisposable
{
    private const string Up = "NovaOrleans is up";

    private readonly bool _temporary;
    private Process? _guard;

    private NovaCluster(ClusterPlan plan, string folder, bool temporary)
    {
        (Plan, Folder, _temporary) = (plan, folder, temporary);
        Postgres = ClusterDatabase.Process(folder, plan.DatabasePort);
        Silos = [.. Enumerable.Range(0, plan.Silos).Select(Silo)];
        Facades = [.. Enumerable.Range(0, plan.Facades).Select(Facade)];
        Agents = [.. Enumerable.Range(0, plan.Agents).Select(Agent)];
        Http = Client("demo");
    }

    public ClusterPlan Plan { get; }

    public string Folder { get; }

    public ClusterProcess Postgres { get; }

    /// <summary>The ledger and the membership.</summary>
    public string Database => ClusterDatabase.ConnectionString(Plan.DatabasePort);

    public IReadOnlyList<ClusterProcess> Silos { get; }

    public IReadOnlyList<ClusterProcess> Facades { get; }

    /// <summary>Of the hosts <c>host1</c>, <c>host2</c> …</summary>
    public IReadOnlyList<ClusterProcess> Agents { get; }

    /// <summary>All of them, in the order in which they are started.</summary>
    public IEnumerable<ClusterProcess> Processes => [Postgres, .. Silos, .. Facades, .. Agents];

    /// <summary>A client of all facades for the project <c>demo</c>, which the caller makes.</summary>
    public ClusterHttp Http { get; private set; }

    public string TokenFile => Path.Combine(Folder, "admin-token");

    public string Token => File.Exists(TokenFile) ? File.ReadAllText(TokenFile).Trim() : "";

    public Uri Address(int facade) => new($"http://127.0.0.1:{Plan.FacadePort(facade)}");

    /// <summary>Where others find this process; an agent listens nowhere.</summary>
    public string EndpointOf(ClusterProcess process) =>
        process == Postgres ? $"127.0.0.1:{Plan.DatabasePort}"
        : Facades.Contains(process) ? Address(IndexOf(Facades, process)).ToString().TrimEnd('/')
        : Silos.Contains(process)
            ? $"127.0.0.1:{Plan.SiloPort(IndexOf(Silos, process))}, gateway {Plan.GatewayPort(IndexOf(Silos, process))}"
        : Plan.Spaces.ElementAtOrDefault(IndexOf(Agents, process)) is { } space ? $"namespace {space}" : "in memory";

    /// <summary>A further client of all facades.</summary>
    public ClusterHttp Client(string project) => new(Enumerable.Range(0, Plan.Facades).Select(Address), Token, project);

    /// <summary>The agent's folder, which outlives it.</summary>
    public string StateOf(int agent) => Path.Combine(Folder, $"{ClusterPlan.HostOf(agent)}-state");

    /// <summary>Brings up a cluster of the test's own, in a folder of its own; it is there when this returns.</summary>
    public static async Task<NovaCluster> Start(ClusterPlan? plan = null)
    {
        string folder = Directory.CreateTempSubdirectory("nova-cluster-").FullName;
        // The database's account must get through to its folder.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        NovaCluster cluster = In(folder, plan ?? new ClusterPlan(), temporary: true);
        try
        {
            cluster.WatchOver();
            await cluster.BringUp(_ => { });
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The cluster of a folder, whether it runs or not; what is up stays up.</summary>
    public static NovaCluster In(string folder, ClusterPlan plan, bool temporary = false) => new(
        plan.Ports.Count > 0 ? plan : plan with { Ports = FreePorts.Some(plan.PortsNeeded) }, folder, temporary);

    /// <summary>
    /// Starts whatever does not run. Silos one after the other: those that start at once have been seen to wait for each other.
    /// </summary>
    /// <param name="told">Called with the name of what is up now.</param>
    public async Task BringUp(Action<string> told)
    {
        MakeToken();
        await ClusterDatabase.Initialize(Folder);
        await Step(Postgres, told);
        await ClusterDatabase.Create(Plan.DatabasePort);
        await ClusterDatabase.Migrate(Plan.DatabasePort);
        told("schema");
        foreach (ClusterProcess silo in Silos)
        {
            await Step(silo, told);
        }

        ClusterProcess[] rest = [.. Facades.Concat(Agents).Where(p => !p.IsRunning)];
        Array.ForEach(rest, p => p.Launch());
        foreach (ClusterProcess process in rest)
        {
            await process.UntilUp();
            told(process.Name);
        }

        Http.Dispose();
        Http = Client("demo");
    }

    /// <summary><c>db sync</c>, as an operator runs it; what it said.</summary>
    public async Task<string> SyncSchema()
    {
        await using NovaProcess sync = NovaProcess.Start("Silo", "db", "sync", "--data", Folder, "--database", Database);
        (int exit, string output, string errors) = await sync.Ended(TimeSpan.FromMinutes(2));
        return exit == 0 ? output : throw new InvalidOperationException($"db sync ended with {exit}: {output}{errors}");
    }

    /// <summary>Ends every process, agents first; in order where it goes.</summary>
    public async Task TakeDown(bool gracefully, Action<string> told)
    {
        foreach (ClusterProcess process in Processes.Reverse().Where(p => p.IsRunning))
        {
            told(process.Name);
            process.Thaw();
            try
            {
                await (gracefully ? process.StopGracefully(TimeSpan.FromSeconds(30)) : process.Kill());
            }
            catch (TimeoutException)
            {
                await process.Kill();
            }

            File.Delete(process.PidFile);
        }
    }

    /// <summary>The ends of all logs, for a test that failed.</summary>
    public string Logs(int characters = 2000) =>
        string.Join("\n", Processes.Select(p => $"---- {p.Name}\n{p.Said(characters)}"));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_temporary)
        {
            await TakeDown(gracefully: false, _ => { });
            // PostgreSQL's own children notice their parent's death a moment later, and write until then.
            await Poll.Until(Removed, $"{Folder} is removed");
        }

        _guard?.StandardInput.Close();
        _guard?.Dispose();
    }

    private static int IndexOf(IReadOnlyList<ClusterProcess> all, ClusterProcess one) =>
        Enumerable.Range(0, all.Count).First(i => all[i] == one);

    private static async Task Step(ClusterProcess process, Action<string> told)
    {
        if (!process.IsRunning)
        {
            await process.Start();
            told(process.Name);
        }
    }

    private bool Removed()
    {
        try
        {
            if (Directory.Exists(Folder))
            {
                Directory.Delete(Folder, recursive: true);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void MakeToken()
    {
        if (!File.Exists(TokenFile))
        {
            File.WriteAllText(TokenFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
            File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>A shell waits on a pipe that only this process holds; when it closes, whatever still runs here is ended.</summary>
    private void WatchOver()
    {
        const string end = "cat >/dev/null; for f in \"$1\"/*.pid; do [ -f \"$f\" ] || continue; read -r id at <\"$f\"; "
            + "[ \"$(cut -d' ' -f22 /proc/$id/stat 2>/dev/null)\" = \"$at\" ] && kill -9 \"$id\"; done; rm -rf \"$1\"";
        _guard = Process.Start(new ProcessStartInfo("/usr/bin/setsid", ["/bin/sh", "-c", end, "sh", Folder])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        });
    }

    private ClusterProcess Silo(int n) => new(
        Folder,
        $"silo{n + 1}",
        Program("Silo",
        [
            "run", "--role", "silo", "--data", Path.Combine(Folder, $"silo{n + 1}"), "--address", Plan.SiloAddress,
            "--silo_port", $"{Plan.SiloPort(n)}", "--gateway_port", $"{Plan.GatewayPort(n)}", .. NovaServer.Services,
            .. Plan.SiloOptions,
        ]),
        silo => Task.FromResult(silo.Said().Contains(Up, StringComparison.Ordinal)));

    private ClusterProcess Facade(int n) => new(
        Folder,
        $"facade{n + 1}",
        Program("Api",
            ["--urls", $"{Address(n)}", "--admin_token_file", TokenFile, .. NovaServer.Services, .. Plan.FacadeOptions]),
        _ => Knows(n, "/v1.1/projects"));

    private ClusterProcess Agent(int n) => new(
        Folder,
        ClusterPlan.HostOf(n),
        InSpaceOf(n, Program("AgentClient",
        [
            "--host", ClusterPlan.HostOf(n), "--state", StateOf(n), .. NovaServer.Services,
            .. n < Plan.Spaces.Count ? (string[])["--netns", Plan.Spaces[n]] : ["--fake"],
            .. n < Plan.AgentSpaces.Count ? Gateways : [],
            .. Plan.AgentOptions, .. n < Plan.OwnAgentOptions.Count ? Plan.OwnAgentOptions[n] : [],
        ])),
        async agent => agent.Said().Length > 0 && await Knows(0, $"/v1.1/hosts/{ClusterPlan.HostOf(n)}", "LIVE"));

    private IEnumerable<string> Gateways => Enumerable.Range(0, Plan.Silos)
        .SelectMany(silo => (string[])["--gateway", $"{Plan.SiloAddress}:{Plan.GatewayPort(silo)}"]);

    /// <summary>nsenter becomes what it starts. It takes the network alone: ip netns exec would hide other namespaces' names.</summary>
    private ProcessStartInfo InSpaceOf(int agent, ProcessStartInfo program)
    {
        if (agent >= Plan.AgentSpaces.Count)
        {
            return program;
        }

        var start = new ProcessStartInfo(
            "nsenter", [$"--net=/run/netns/{Plan.AgentSpaces[agent]}", "--", program.FileName, .. program.ArgumentList]);
        start.Environment.Remove("NOVA_CLUSTER");
        return start;
    }

    private ProcessStartInfo Program(string project, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [NovaProcess.ProgramOf(project), .. arguments]);
        start.Environment["NOVA_DATABASE"] = start.Environment["NOVA_CLUSTER"] = Database;
        return start;
    }

    private async Task<bool> Knows(int facade, string path, string text = "")
    {
        using ClusterHttp client = Client("demo");
        try
        {
            ClusterHttp.Answer answer = await client.Get(path, facade);
            return answer.Status == System.Net.HttpStatusCode.OK
                && answer.ToString().Contains(text, StringComparison.OrdinalIgnoreCase);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
