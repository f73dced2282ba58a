using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NovaOrleans.Demo;

/// <summary>
/// Everything that the demo sets up, and takes down however it ends: a folder, a network namespace as the compute host, the
/// silo and the agent. Guests' namespaces are the agent's; what it left behind after a failure goes here too.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string HostName = "demo1";

    private readonly Narrator _narrator;
    private readonly HashSet<string> _spacesBefore;
    private readonly int _apiPort = FreePort();
    private readonly int _siloPort = FreePort();
    private readonly int _gatewayPort = FreePort();
    private Child? _silo;
    private Child? _agent;

    public Stage(Narrator narrator, bool packets)
    {
        _narrator = narrator;
        Packets = packets;
        Folder = Directory.CreateTempSubdirectory("nova-demo-").FullName;
        Space = $"nova-demo-{Environment.ProcessId}";
        _spacesBefore = [.. Spaces.All()];
    }

    /// <summary>Whether the kernel is touched; otherwise all is on the fake host.</summary>
    public bool Packets { get; }

    public string Folder { get; }

    /// <summary>The network namespace that plays the compute host.</summary>
    public string Space { get; }

    public string DataFolder => Path.Combine(Folder, "data");

    public string AgentFolder => Path.Combine(Folder, "agent");

    public Cloud Cloud { get; private set; } = null!;

    /// <summary>Namespaces that were not there before: the guests'.</summary>
    public IEnumerable<string> GuestSpaces => Spaces.All().Where(s => s != Space && !_spacesBefore.Contains(s));

    public int AgentId => _agent?.Id ?? 0;

    public async Task StartCloud(CancellationToken stop)
    {
        _silo = Child.Start(
            Built("Silo", "NovaOrleans.Silo"),
            Path.Combine(Folder, "silo.log"),
            ["run", "--data", DataFolder, "--urls", $"http://127.0.0.1:{_apiPort}", "--agent", "none", .. OrleansPorts, .. Services]);
        string tokenFile = Path.Combine(DataFolder, "admin-token");
        var address = new Uri($"http://127.0.0.1:{_apiPort}");
        await Wait.Until("the API", TimeSpan.FromSeconds(40), async () =>
        {
            Alive(_silo, "the silo");
            if (!File.Exists(tokenFile))
            {
                return "no admin token in the data folder";
            }

            using var asked = new Cloud(address, "");
            return await asked.Answers(stop) ? null : "no answer";
        }, stop);
        Cloud = new Cloud(address, (await File.ReadAllTextAsync(tokenFile, stop)).Trim());
    }

    public async Task MakeHost()
    {
        await Tool.Run("ip", "netns", "add", Space);
        await Tool.Run("ip", "-n", Space, "link", "set", "lo", "up");
    }

    public void StartAgent() => _agent = Child.Start(
        Built("AgentClient", "NovaOrleans.AgentClient"),
        Path.Combine(Folder, "agent.log"),
        [
            "--host", HostName, "--gateway", $"127.0.0.1:{_gatewayPort}", "--state", AgentFolder, .. Services,
            .. Packets ? new[] { "--netns", Space, "--compute", "namespaces" } : ["--fake"],
        ]);

    /// <summary>Waits until the cloud has heard from the agent's own session and the host is as it should be.</summary>
    public Task UntilHostIsVerified(long newerThanEpoch, CancellationToken stop) => Wait.Until(
        "the host's report",
        TimeSpan.FromSeconds(30),
        async () =>
        {
            Alive(_agent!, "the agent");
            var host = (await Cloud.Find($"/v1.1/hosts/{HostName}"))?["host"];
            return host is null ? "the host is not known"
                : (string?)host["status"] != "LIVE" ? $"the host is {host["status"]}"
                : (long)host["epoch"]! <= newerThanEpoch ? "still the session of before"
                : (long)host["reported_revision"]! < (long)host["revision"]! ? $"reported {host["reported_revision"]} of {host["revision"]}"
                : null;
        },
        stop);

    /// <summary>Runs nova-manage as an operator on this machine would: it finds the token in the data folder.</summary>
    public Task<Tool.Result> Manage(params string[] words)
    {
        Environment.SetEnvironmentVariable("NOVA_URL", $"http://127.0.0.1:{_apiPort}");
        Environment.SetEnvironmentVariable("NOVA_DATA", DataFolder);
        return Tool.Try("dotnet", [Built("Manage", "nova-manage"), .. words]);
    }

    public async Task KillAgent()
    {
        await _agent!.Kill();
        await _agent.DisposeAsync();
        _agent = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_narrator.Failed > 0)
        {
            ShowLog(_silo, "silo");
            ShowLog(_agent, "agent");
        }

        // The agent first: it may still be writing to the host that is taken down next.
        foreach (Child? child in new[] { _agent, _silo })
        {
            await (child?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        Cloud?.Dispose();
        if (Packets)
        {
            await TakeDown();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private string[] OrleansPorts => ["--silo_port", $"{_siloPort}", "--gateway_port", $"{_gatewayPort}"];

    private static string[] Services =>
    [
        "--network_service_conf", Path.Combine(Artifacts, "network-services", "nova-network.conf"),
        "--network_service_path", Path.Combine(Artifacts, "network-services"),
    ];

    /// <summary>This program is artifacts/bin/Demo/debug; the others are beside it.</summary>
    private static string Artifacts => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));

    private static string Built(string project, string assembly) =>
        Path.Combine(Artifacts, "bin", project, "debug", $"{assembly}.dll");

    private async Task TakeDown()
    {
        string[] ours = [.. GuestSpaces, Space];
        foreach (int process in await Spaces.Processes(ours))
        {
            using var left = Process.GetProcessById(process);
            left.Kill();
        }

        foreach (string space in ours.Where(Spaces.All().Contains))
        {
            await Tool.Try("ip", "netns", "delete", space);
        }
    }

    private void ShowLog(Child? child, string name)
    {
        if (child is not null)
        {
            _narrator.Say($"\nlast lines of the {name}'s log:\n{child.Tail()}");
        }
    }

    private static void Alive(Child child, string name)
    {
        if (child.Ended)
        {
            throw new DemoFault($"{name} has ended");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
