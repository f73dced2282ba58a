using NovaOrleans.Testing;

namespace NovaOrleans.Demo;

/// <summary>
/// Where the play is given: a cloud, and a compute host whose agent can be killed. What is set up for the play is taken down
/// however it ends.
/// </summary>
internal abstract class Stage(bool packets) : IAsyncDisposable
{
    private readonly HashSet<string> _spacesBefore = [.. Spaces.All()];

    /// <summary>Whether the kernel is touched; otherwise all is on the fake host.</summary>
    public bool Packets { get; } = packets;

    /// <summary>The compute host on which all instances run.</summary>
    public abstract string HostName { get; }

    /// <summary>The network namespace that plays the compute host.</summary>
    public abstract string Space { get; }

    /// <summary>Holds the admin token.</summary>
    public abstract string DataFolder { get; }

    public abstract string AgentFolder { get; }

    public Cloud Cloud { get; protected set; } = null!;

    /// <summary>Namespaces that were not there before: the guests'.</summary>
    public IEnumerable<string> GuestSpaces => Spaces.All().Where(s => s != Space && !_spacesBefore.Contains(s));

    public abstract int AgentId { get; }

    /// <summary>Sets up what this play needs, act by act, until the host is live.</summary>
    public abstract Task SetUp(Narrator narrator, CancellationToken stop);

    public abstract Task StartAgent();

    public abstract Task KillAgent();

    public abstract ValueTask DisposeAsync();

    /// <summary>Waits until the cloud has heard from the agent's own session and the host is as it should be.</summary>
    public Task UntilHostIsVerified(long newerThanEpoch, CancellationToken stop) => Wait.Until(
        "the host's report",
        TimeSpan.FromSeconds(30),
        async () =>
        {
            if (AgentId == 0)
            {
                throw new DemoFault("the agent has ended");
            }

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
        Environment.SetEnvironmentVariable("NOVA_URL", Cloud.Address.ToString().TrimEnd('/'));
        Environment.SetEnvironmentVariable("NOVA_DATA", DataFolder);
        return Tool.Try("dotnet", [NovaProcess.ProgramOf("Manage"), .. words]);
    }
}
