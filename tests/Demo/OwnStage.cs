using NovaOrleans.Testing;

namespace NovaOrleans.Demo;

/// <summary>
/// A cloud of one machine that comes and goes with the play: a folder, a network namespace as the compute host, the silo with its
/// API, and the agent. Guests' namespaces are the agent's; what it left behind after a failure goes here too.
/// </summary>
internal sealed class OwnStage(Narrator narrator, bool packets) : Stage(packets)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nova-demo-").FullName;
    private readonly int _apiPort = FreePorts.One();
    private readonly int _siloPort = FreePorts.One();
    private readonly int _gatewayPort = FreePorts.One();
    private Child? _silo;
    private Child? _agent;

    public override string HostName => "demo1";

    public override string Space { get; } = $"nova-demo-{Environment.ProcessId}";

    public override string DataFolder => Path.Combine(_folder, "data");

    public override string AgentFolder => Path.Combine(_folder, "agent");

    public override int AgentId => _agent is { Ended: false } running ? running.Id : 0;

    public override async Task SetUp(Narrator told, CancellationToken stop)
    {
        told.Act("A cloud of one machine");
        await told.Step("the silo and the API run, everything in one SQLite file", () => StartCloud(stop));
        if (Packets)
        {
            await told.Step($"a network namespace is the compute host: {Space}", MakeHost);
        }

        await told.Step("the agent has opened its session and the host is live", async () =>
        {
            await StartAgent();
            await UntilHostIsVerified(newerThanEpoch: 0, stop);
        });
    }

    public override Task StartAgent()
    {
        _agent = Child.Start(
            NovaProcess.ProgramOf("AgentClient"),
            Path.Combine(_folder, "agent.log"),
            [
                "--host", HostName, "--gateway", $"127.0.0.1:{_gatewayPort}", "--state", AgentFolder, .. NovaServer.Services,
                .. Packets ? new[] { "--netns", Space, "--compute", "namespaces" } : ["--fake"],
            ]);
        return Task.CompletedTask;
    }

    public override async Task KillAgent()
    {
        await _agent!.Kill();
        await _agent.DisposeAsync();
        _agent = null;
    }

    public override async ValueTask DisposeAsync()
    {
        if (narrator.Failed > 0)
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

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartCloud(CancellationToken stop)
    {
        _silo = Child.Start(
            NovaProcess.ProgramOf("Silo"),
            Path.Combine(_folder, "silo.log"),
            [
                "run", "--data", DataFolder, "--urls", $"http://127.0.0.1:{_apiPort}", "--agent", "none", "--silo_port", $"{_siloPort}",
                "--gateway_port", $"{_gatewayPort}", .. NovaServer.Services,
            ]);
        string tokenFile = Path.Combine(DataFolder, "admin-token");
        Uri[] addresses = [new($"http://127.0.0.1:{_apiPort}")];
        await Wait.Until("the API", TimeSpan.FromSeconds(40), async () =>
        {
            if (_silo.Ended)
            {
                throw new DemoFault("the silo has ended");
            }

            if (!File.Exists(tokenFile))
            {
                return "no admin token in the data folder";
            }

            using var asked = new Cloud(addresses, "");
            return await asked.Answers(stop) ? null : "no answer";
        }, stop);
        Cloud = new Cloud(addresses, (await File.ReadAllTextAsync(tokenFile, stop)).Trim());
    }

    private async Task MakeHost()
    {
        await Tool.Run("ip", "netns", "add", Space);
        await Tool.Run("ip", "-n", Space, "link", "set", "lo", "up");
    }

    private async Task TakeDown()
    {
        string[] ours = [.. GuestSpaces, Space];
        foreach (int process in await Spaces.Processes(ours))
        {
            using var left = System.Diagnostics.Process.GetProcessById(process);
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
            narrator.Say($"\nlast lines of the {name}'s log:\n{child.Tail()}");
        }
    }
}
