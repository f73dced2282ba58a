using NovaOrleans.Vocabulary;

namespace NovaOrleans.Silo;

/// <summary>
/// What the server process is told on its command line or in the environment (<c>NOVA_…</c>). Without any of it, it runs
/// embedded: one process, one SQLite file, loopback only.
/// </summary>
public sealed record SiloOptions
{
    /// <summary><c>--data</c>: where everything is kept: the ledger, the admin token, the agent's state.</summary>
    public required string Data { get; init; }

    /// <summary><c>--urls</c>: where the API listens; loopback unless it has TLS and tokens of its own.</summary>
    public required string Urls { get; init; }

    /// <summary><c>--database</c>: a PostgreSQL connection string; null for the SQLite file in the data folder.</summary>
    public string? Database { get; init; }

    /// <summary><c>--silo_port</c> and <c>--gateway_port</c>: Orleans' own, on the loopback address.</summary>
    public required int SiloPort { get; init; }

    /// <inheritdoc cref="SiloPort"/>
    public required int GatewayPort { get; init; }

    /// <summary><c>--agent</c>: auto (this machine's agent; on the fake host without root), fake, or none.</summary>
    public required AgentChoice Agent { get; init; }

    /// <summary><c>--host</c>: the name under which this machine is a compute host.</summary>
    public required HostName Host { get; init; }

    /// <summary><c>--netns</c>: the network namespace in which the agent works, instead of the machine's own.</summary>
    public string? Netns { get; init; }

    public string TokenFile => Path.Combine(Data, "admin-token");
    public string LedgerFile => Path.Combine(Data, "nova.db");
    public string AgentState => Path.Combine(Data, "agent");

    /// <summary>Reads and checks them all; every fault is a sentence that names the option.</summary>
    public static (SiloOptions? Options, IReadOnlyList<string> Faults) From(IConfiguration configuration)
    {
        var faults = new List<string>();
        int Port(string name, int byDefault) =>
            configuration[name] is not { } text ? byDefault
            : int.TryParse(text, out int port) && port is > 0 and < 65536 ? port
            : Fault($"--{name} was '{text}'; accepted is a port from 1 to 65535.", byDefault);
        T Fault<T>(string sentence, T instead)
        {
            faults.Add(sentence);
            return instead;
        }

        string urls = configuration["urls"] ?? "http://127.0.0.1:8774";
        foreach (string url in urls.Split(';'))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || !uri.IsLoopback)
            {
                faults.Add(
                    $"--urls was '{url}'; an embedded server has no TLS and one token, so it listens on a loopback address only, "
                        + "as in http://127.0.0.1:8774.");
            }
        }

        HostName host = HostName.TryParse(configuration["host"] ?? DefaultHost(), out HostName name)
            ? name
            : Fault($"--host was '{configuration["host"]}'; accepted is {HostName.Accepts}.", HostName.Parse("localhost"));
        AgentChoice agent = Enum.TryParse(configuration["agent"] ?? "auto", true, out AgentChoice choice)
            ? choice
            : Fault($"--agent was '{configuration["agent"]}'; accepted is auto, fake or none.", AgentChoice.None);
        string? netns = configuration["netns"];
        if (netns is not null && !Names.IsIdentifier(netns, 64))
        {
            faults.Add("--netns must be the name of a network namespace, as 'ip netns list' gives it.");
        }

        var options = new SiloOptions
        {
            Data = Path.GetFullPath(configuration["data"] ?? DefaultData()),
            Urls = urls,
            Database = configuration["database"],
            SiloPort = Port("silo_port", 11111),
            GatewayPort = Port("gateway_port", 30000),
            Agent = agent,
            Host = host,
            Netns = netns,
        };
        return (faults.Count == 0 ? options : null, faults);
    }

    private static string DefaultData() => Environment.IsPrivilegedProcess && OperatingSystem.IsLinux()
        ? "/var/lib/nova"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "nova");

    private static string DefaultHost() =>
        HostName.TryParse(Environment.MachineName, out HostName name) ? name.Value : "localhost";
}

public enum AgentChoice
{
    Auto = 0,
    Fake = 1,
    None = 2,
}
