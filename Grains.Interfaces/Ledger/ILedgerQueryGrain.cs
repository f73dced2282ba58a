using NovaOrleans.Audits;
using NovaOrleans.FloatingIps;
using NovaOrleans.Instances;
using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Tokens;
using NovaOrleans.Vnics;

namespace NovaOrleans.Ledger;

/// <summary>
/// Reads the ledger's rows: lists by index, one page at a time, seeing every acknowledged write. It decides nothing. Key 0;
/// one or more activations on each silo.
/// </summary>
[Alias("nova.ILedgerQueryGrain"), Repeatable]
public interface ILedgerQueryGrain : IGrainWithIntegerKey
{
    [Alias("Networks")]
    Task<IReadOnlyList<NetworkView>> Networks(ServicePath service, ProjectId? project, Page page);

    [Alias("Vnics")]
    Task<IReadOnlyList<VnicView>> Vnics(ServicePath service, ProjectId? project, Page page);

    /// <summary>
    /// A service's VNICs that fit, one page. The order is that of their rows; where nothing but ports is asked about, that of their
    /// ids. It is the same for every page of a list.
    /// </summary>
    [Alias("FilteredVnics")]
    Task<IReadOnlyList<VnicView>> FilteredVnics(ServicePath service, VnicFilter filter, Page page);

    /// <summary>These cards, in the order asked for; one that does not live is left out.</summary>
    [Alias("VnicsById")]
    Task<IReadOnlyList<VnicView>> VnicsById(IReadOnlyList<VnicId> vnics);

    /// <summary>Whose a live card is, and no more of it than that and where; null where there is none.</summary>
    [Alias("OwnerOf")]
    Task<VnicOwner?> OwnerOf(VnicId vnic);

    /// <summary>
    /// Live cards of other services than these: of a project those that would keep their service, of the cloud those that are
    /// orphans (seed S152, D12).
    /// </summary>
    [Alias("VnicsOfOthers")]
    Task<IReadOnlyList<VnicView>> VnicsOfOthers(IReadOnlyList<ServicePath> services, ProjectId? project, Page page);

    /// <summary>A project's networks of other services than these.</summary>
    [Alias("NetworksOfOthers")]
    Task<IReadOnlyList<NetworkView>> NetworksOfOthers(IReadOnlyList<ServicePath> services, ProjectId project, Page page);

    [Alias("Ports")]
    Task<IReadOnlyList<PortView>> Ports(NetworkId network, Page page);

    [Alias("FilteredPorts")]
    Task<IReadOnlyList<PortView>> FilteredPorts(PortFilter filter, Page page);

    [Alias("Port")]
    Task<Outcome<PortView>> Port(NetworkId network, PortId port);

    /// <summary>A project's live cards with this fixed IP: one, unless it is in several networks where the address is.</summary>
    [Alias("VnicsWithAddress")]
    Task<IReadOnlyList<VnicView>> VnicsWithAddress(ProjectId project, Ip4Address address);

    [Alias("FloatingIps")]
    Task<IReadOnlyList<FloatingIpView>> FloatingIps(FloatingIpFilter filter, Page page);

    /// <summary>The names of the pools that have addresses.</summary>
    [Alias("FloatingIpPools")]
    Task<IReadOnlyList<string>> FloatingIpPools();

    [Alias("Instances")]
    Task<IReadOnlyList<InstanceView>> Instances(ProjectId? project, Page page);

    /// <summary>
    /// Instances of the project by their rows' numbers, in the order of those, also ones that were deleted within the last hour.
    /// </summary>
    [Alias("InstancesByNumber")]
    Task<IReadOnlyList<InstanceView>> InstancesByNumber(ProjectId project, IReadOnlyList<long> numbers);

    /// <summary>The security groups that each of these instances is in, in their order.</summary>
    [Alias("GroupsOfInstances")]
    Task<IReadOnlyList<InstanceGroup>> GroupsOfInstances(IReadOnlyList<InstanceId> instances);

    /// <summary>Tokens of a project, or of all, without anything that they could be known by.</summary>
    [Alias("Tokens")]
    Task<IReadOnlyList<TokenView>> Tokens(ProjectId? project, Page page);

    /// <summary>Whose the token is, if the hash is its; also of one that has expired. Null where it is not, or is revoked.</summary>
    [Alias("IdentifyToken")]
    Task<TokenView?> IdentifyToken(Guid id, string hash);

    [Alias("History")]
    Task<IReadOnlyList<HistoryView>> History(NetworkId? network, string? address, VnicId? vnic, Page page);

    /// <summary>How these VNICs stand on their hosts; one that no host is told of is left out.</summary>
    [Alias("Standings")]
    Task<IReadOnlyList<NicStanding>> Standings(IReadOnlyList<VnicId> vnics);

    /// <summary>Which rule lets a flow pass, or which drops it, from stored policy and from what the hosts reported.</summary>
    [Alias("Explain")]
    Task<Outcome<FlowView>> Explain(ExplainFlow flow);

    /// <summary>Answers when the ledger has answered.</summary>
    [Alias("Ping")]
    Task Ping();

    /// <summary>In one call, which a large cloud's audit outlasts: see <see cref="IAuditGrain"/>.</summary>
    [Alias("Audit")]
    Task<AuditView> Audit();
}

/// <summary>One change: who, what, when, why, of which generation.</summary>
[GenerateSerializer, Immutable, Alias("nova.HistoryView")]
public sealed record HistoryView(
    long RowId,
    DateTimeOffset At,
    string Actor,
    string What,
    NetworkId? Network,
    VnicId? Vnic,
    string? Address,
    long? Generation,
    string? Why);

/// <summary>
/// The invariants, counted from rows and host reports: no address held twice, each in exactly one state, every held one with a live
/// VNIC, every binding on the host that its VNIC names and with the addresses that the VNIC holds. Every number but the totals and
/// <see cref="Drift"/> is 0 in a sound cloud.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.AuditView")]
public sealed record AuditView(
    long Networks,
    long Vnics,
    long HeldAddresses,
    long Quarantined,
    long DuplicateAddresses,
    long Leaks,
    long OrphanBindings,
    IReadOnlyList<string> Findings)
{
    /// <summary>Of all pools, free ones included.</summary>
    [Id(10)]
    public long FloatingIps { get; init; }

    /// <summary>Addresses whose row is in no state, or contradicts the one that it is in.</summary>
    [Id(11)]
    public long WrongStates { get; init; }

    /// <summary>VNICs of which a host was told nothing, or addresses that they do not hold.</summary>
    [Id(12)]
    public long Misplaced { get; init; }

    /// <summary>Bindings that their host could not make true, as it last reported: a fault of a host, and none of the ledger.</summary>
    [Id(13)]
    public long Drift { get; init; }
}

/// <summary>That an instance is in a group.</summary>
[GenerateSerializer, Immutable, Alias("nova.InstanceGroup")]
public sealed record InstanceGroup(InstanceId Instance, SecurityGroupId Group, string Name);
