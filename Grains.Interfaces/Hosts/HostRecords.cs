using NovaOrleans.Instances;

namespace NovaOrleans.Hosts;

/// <summary>One record of the host's log.</summary>
[GenerateSerializer, Immutable, Alias("nova.HostRecord")]
public abstract record HostRecord([property: Id(0)] long Revision)
{
    /// <summary>The id of the request that asked for it, for logs; null where none did.</summary>
    [Id(10)]
    public string? Request { get; init; }
}

/// <summary>Make this binding true. The instance starts when all NICs of its spec are.</summary>
[GenerateSerializer, Immutable, Alias("nova.Bind")]
public sealed record BindRecord(long Revision, [property: Id(1)] InstanceSpec Instance, [property: Id(2)] HostBinding Binding)
    : HostRecord(Revision);

/// <summary>Take this binding away, and the instance with its first; then report it.</summary>
[GenerateSerializer, Immutable, Alias("nova.Teardown")]
public sealed record TeardownRecord(
    long Revision, [property: Id(1)] InstanceId Instance, [property: Id(2)] VnicId Vnic, [property: Id(3)] long Generation)
    : HostRecord(Revision);

/// <summary>This is so now; a null <paramref name="Fact"/> takes back what was told under the key.</summary>
[GenerateSerializer, Immutable, Alias("nova.FactRecord")]
public sealed record FactRecord(long Revision, [property: Id(1)] string Key, [property: Id(2)] HostFact? Fact)
    : HostRecord(Revision);

/// <summary>
/// The answer to a renewal. With <paramref name="IsSnapshot"/> the records are all there is: what the host has and they
/// do not name is to be taken away. <paramref name="Head"/> is the newest revision.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.HostRecords")]
public sealed record HostRecords(long Head, bool IsSnapshot, IReadOnlyList<HostRecord> Records);

/// <summary>Who the agent is and which plug-ins it has (path to version).</summary>
[GenerateSerializer, Immutable, Alias("nova.HostHello")]
public sealed record HostHello(string AgentVersion, string ComputeDriver, IReadOnlyDictionary<string, string> Services)
{
    /// <summary>The address at which other hosts reach this one, for overlays; null where none is configured.</summary>
    [Id(10)]
    public string? Address { get; init; }
}

[GenerateSerializer, Immutable, Alias("nova.HostSession")]
public sealed record HostSession(long Epoch, long Head);

/// <summary><paramref name="Since"/>: the last revision taken, or −1 for a snapshot.</summary>
[GenerateSerializer, Immutable, Alias("nova.RenewHost")]
public sealed record RenewHost(long Epoch, long Since, HostHello Hello)
{
    /// <summary>Steps between the host as it was last read back and as it should be.</summary>
    [Id(10)]
    public int Differences { get; init; }
}

[GenerateSerializer, Immutable, Alias("nova.VnicGeneration")]
public sealed record VnicGeneration(VnicId Vnic, long Generation);

[GenerateSerializer, Immutable, Alias("nova.TeardownResult")]
public sealed record TeardownResult(long Revision, IReadOnlyList<VnicGeneration> GoneAlready);

/// <summary>What the host made of the records up to <paramref name="Revision"/>.</summary>
[GenerateSerializer, Immutable, Alias("nova.HostReport")]
public sealed record HostReport(long Epoch, long Revision, IReadOnlyList<BindingReport> Bindings);

[GenerateSerializer, Immutable, Alias("nova.BindingReport")]
public sealed record BindingReport(VnicId Vnic, long Generation, BindingOutcome Outcome, string? Fault = null);

[GenerateSerializer, Immutable, Alias("nova.FenceResult")]
public sealed record FenceResult(long Epoch, IReadOnlyList<VnicId> Released);

/// <summary><paramref name="Ignored"/> counts reports and results refused for an old epoch or generation.</summary>
[GenerateSerializer, Immutable, Alias("nova.HostView")]
public sealed record HostView(
    HostName Name,
    HostStatus Status,
    long Epoch,
    long Revision,
    long ReportedRevision,
    int Vnics,
    long Ignored,
    DateTimeOffset? LastSeen,
    HostHello? Hello)
{
    /// <summary>Not chosen for new instances, by an operator's word; as the scheduler knows it.</summary>
    [Id(20)]
    public bool Drained { get; init; }

    [Id(21)]
    public string? DrainReason { get; init; }

    /// <summary>As the host last said: steps between what it is and what it should be.</summary>
    [Id(22)]
    public int Differences { get; init; }
}

[GenerateSerializer, Alias("nova.HostStatus")]
public enum HostStatus
{
    /// <summary>No session was ever opened.</summary>
    Unknown = 0,

    /// <summary>Renewed within the last 15 s.</summary>
    Live = 1,

    /// <summary>Not renewed; its VMs may be running, so it keeps its bindings.</summary>
    Lost = 2,

    /// <summary>Fenced, and not yet returned.</summary>
    Fenced = 3,
}

/// <summary>Which rows may have changed for a host: what it is to look at again.</summary>
[Flags]
[GenerateSerializer, Alias("nova.HostNews")]
public enum HostNews
{
    None = 0,

    /// <summary>The host's own bindings: their ports, networks, groups or floating IPs.</summary>
    Bindings = 1,

    /// <summary>The rules or the members of security groups.</summary>
    Groups = 2,

    /// <summary>VNICs elsewhere, of networks that the host serves.</summary>
    Members = 4,

    All = Bindings | Groups | Members,
}
