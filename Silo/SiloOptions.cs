using NovaOrleans.Api;
using NovaOrleans.Api.Operations;
using NovaOrleans.Connections;
using NovaOrleans.Projects;
using NovaOrleans.Silo.Hosting;
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

    /// <summary>
    /// <c>--urls</c>: where the API listens; beyond the loopback address by https only, with <c>--tls_certificate</c> and
    /// <c>--tls_key</c>.
    /// </summary>
    public required string Urls { get; init; }

    /// <summary>
    /// <c>--database</c>: a PostgreSQL connection string, which makes this process a member of a cluster; null for the
    /// SQLite file in the data folder. One with a password belongs in <c>NOVA_DATABASE</c>.
    /// </summary>
    public string? Database { get; init; }

    /// <summary><c>--role</c>: all (silo and API, unless given) or silo; the API alone is the program Api.</summary>
    public required ServerRole Role { get; init; }

    /// <summary>
    /// <c>--address</c> (loopback unless given), <c>--silo_port</c> and <c>--gateway_port</c>: Orleans' own, on the control
    /// network.
    /// </summary>
    public required SiloEndpoints Endpoints { get; init; }

    /// <summary>
    /// <c>--cluster_certificate</c>, <c>--cluster_key</c> and <c>--cluster_ca</c>: by what members and clients of a cluster know each
    /// other. Beyond the loopback address a cluster has them.
    /// </summary>
    public CertificateFiles? Certificates { get; init; }

    /// <summary><c>--cluster_id</c> and <c>--service_id</c>: whose members find each other, and whose settings these are.</summary>
    public required string ClusterId { get; init; }

    /// <inheritdoc cref="ClusterId"/>
    public required string ServiceId { get; init; }

    /// <summary>
    /// <c>--agent</c>: auto (this machine's agent; on the fake host without root), fake, or none. In a cluster none unless
    /// given: agents run on the compute hosts.
    /// </summary>
    public required AgentChoice Agent { get; init; }

    /// <summary><c>--host</c>: the name under which this machine is a compute host.</summary>
    public required HostName Host { get; init; }

    /// <summary><c>--netns</c>: the network namespace in which the agent works, instead of the machine's own.</summary>
    public string? Netns { get; init; }

    /// <summary><c>--admin_token_file</c>: the same for all of a cluster; made in the data folder unless given.</summary>
    public required string TokenFile { get; init; }

    /// <summary>
    /// <c>--quota_floating_ips</c>, <c>--quota_security_groups</c>, <c>--quota_security_group_rules</c>,
    /// <c>--quota_fixed_ips</c>, <c>--quota_networks</c>: what a project without limits of its own is held to; -1 is without
    /// limit.
    /// </summary>
    public required QuotaDefaults Quotas { get; init; }

    /// <summary>
    /// <c>--allow-orphans</c>: start also while VNICs live whose network service is not installed any more.
    /// </summary>
    public bool AllowOrphans { get; init; }

    /// <summary><c>--health_urls</c>, <c>--otlp_endpoint</c>, <c>--log_format</c>, <c>--log_level</c>, <c>--dashboard</c>.</summary>
    public required OperationsOptions Operations { get; init; }

    /// <summary><c>--audit_seconds</c>: how often the cluster's figures have an audit; 300 unless given.</summary>
    public required TimeSpan AuditEvery { get; init; }

    public string LedgerFile => Path.Combine(Data, "nova.db");
    public string AgentState => Path.Combine(Data, "agent");

    /// <summary>Reads and checks them all; every fault is a sentence that names the option.</summary>
    public static (SiloOptions? Options, IReadOnlyList<string> Faults) From(IConfiguration configuration)
    {
        var read = new OptionReader(configuration);
        string? database = configuration["database"];
        if (database is not null && ConnectionStrings.FaultOf(database) is { } wrong)
        {
            read.Faults.Add(wrong);
        }

        string data = Path.GetFullPath(configuration["data"] ?? DefaultData());
        string? netns = configuration["netns"];
        if (netns is not null && !Names.IsIdentifier(netns, 64))
        {
            read.Faults.Add("--netns must be the name of a network namespace, as 'ip netns list' gives it.");
        }

        if (configuration["compute"] is { } compute && compute is not ("namespaces" or "libvirt" or "none"))
        {
            // Told here, since an agent that says so would be started again and again.
            read.Faults.Add($"--compute was '{compute}'; accepted is namespaces, libvirt or none.");
        }

        var options = new SiloOptions
        {
            Data = data,
            Urls = read.Urls(),
            Database = database,
            Role = read.Choice("role", ServerRole.All),
            Endpoints = new SiloEndpoints(
                read.Address(database is not null), read.Port("silo_port", 11111), read.Port("gateway_port", 30000)),
            Certificates = read.Certificates(database is not null),
            ClusterId = read.Identifier("cluster_id", "nova"),
            ServiceId = read.Identifier("service_id", "nova"),
            Agent = read.Choice("agent", database is null ? AgentChoice.Auto : AgentChoice.None),
            Host = read.Host(DefaultHost()),
            Netns = netns,
            Quotas = read.Quotas(),
            AllowOrphans = read.Flag("allow_orphans"),
            Operations = OperationsOptions.From(configuration, read.Faults),
            AuditEvery = TimeSpan.FromSeconds(read.Number("audit_seconds", 300, 1, 86_400)),
            TokenFile = configuration["admin_token_file"] ?? Path.Combine(data, "admin-token"),
        };
        if (options.Role == ServerRole.Silo && database is null)
        {
            read.Faults.Add("--role silo needs --database: an embedded server without its API would serve nobody.");
        }

        return (read.Faults.Count == 0 ? options : null, read.Faults);
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

public enum ServerRole
{
    All = 0,
    Silo = 1,
}
