namespace NovaOrleans.FloatingIps;

/// <summary>
/// A pool of floating IPs, as nova's pools (<c>nova</c> unless named), and the only writer of their rows. Key: the pool's name.
/// </summary>
[Alias("nova.IFloatingIpPoolGrain")]
public interface IFloatingIpPoolGrain : IGrainWithStringKey
{
    /// <summary>Adds the range's host addresses (R24); refused where one of them is in a pool already. Gives how many.</summary>
    [Alias("AddRange")]
    Task<Outcome<int>> AddRange(AddFloatingRange command);

    /// <summary>Takes the range's addresses out of the pool; refused, all of it, while one of them is allocated.</summary>
    [Alias("RemoveRange")]
    Task<Outcome<int>> RemoveRange(Cidr4 range, string actor);

    /// <summary>Gives the project an address (R21); refused where the pool is empty or the quota used up.</summary>
    [Alias("Allocate"), Repeatable(ByKey = true)]
    Task<Outcome<FloatingIpView>> Allocate(AllocateFloatingIp command);

    /// <summary>Gives it back; refused while associated. Releasing what is free is done already.</summary>
    [Alias("Release"), Repeatable(Gone = RefusalCode.FloatingIpNotFound)]
    Task<Outcome> Release(FloatingIpId floating, ProjectId? project, string actor);

    /// <summary>
    /// Lets the address stand for a fixed IP of the project (R22). The same again is done already; another one moves it.
    /// Refused for a network whose service has no floating IPs (<c>NotImplemented</c>, R21).
    /// </summary>
    [Alias("Associate"), Repeatable]
    Task<Outcome<FloatingIpView>> Associate(AssociateFloatingIp command);

    [Alias("Disassociate"), Repeatable]
    Task<Outcome<FloatingIpView>> Disassociate(FloatingIpId floating, ProjectId? project, string actor);

    /// <summary>Takes associations back that are over since their fixed IPs were freed; gives how many.</summary>
    [Alias("Tidy")]
    Task<int> Tidy();
}

[GenerateSerializer, Immutable, Alias("nova.AddFloatingRange")]
public sealed record AddFloatingRange(Cidr4 Range, string? Interface, string Actor);

[GenerateSerializer, Immutable, Alias("nova.AllocateFloatingIp")]
public sealed record AllocateFloatingIp(ProjectId Project, string Actor, RequestKey? Key = null) : IKeyed;

/// <summary><paramref name="Vnic"/> has <paramref name="Fixed"/>; null <paramref name="Fixed"/> means its first IPv4 one.</summary>
[GenerateSerializer, Immutable, Alias("nova.AssociateFloatingIp")]
public sealed record AssociateFloatingIp(
    FloatingIpId Floating, ProjectId Project, VnicId Vnic, Ip4Address? Fixed, string Actor);

/// <summary>
/// <see cref="Port"/> is the fixed IP's port, null where it stands for none; <paramref name="RowId"/> is the row's number,
/// which nova's APIs speak of.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.FloatingIpView")]
public sealed record FloatingIpView(
    long RowId, FloatingIpId Id, Ip4Address Address, string Pool, string? Interface, ProjectId? Project)
{
    [Id(10)]
    public PortId? Port { get; init; }

    [Id(11)]
    public Ip4Address? Fixed { get; init; }

    [Id(12)]
    public VnicId? Vnic { get; init; }

    [Id(13)]
    public InstanceId? Instance { get; init; }

    [Id(14)]
    public bool AutoAssigned { get; init; }
}

/// <summary>Which floating IPs a list is of: all that is given must hold. Nothing given is every pool's.</summary>
[GenerateSerializer, Immutable, Alias("nova.FloatingIpFilter")]
public sealed record FloatingIpFilter
{
    [Id(0)]
    public ProjectId? Project { get; init; }

    [Id(1)]
    public FloatingIpId? Id { get; init; }

    /// <summary>The row's number, by which nova's APIs know an address.</summary>
    [Id(2)]
    public long? RowId { get; init; }

    [Id(3)]
    public Ip4Address? Address { get; init; }

    /// <summary>Those that stand for an address of this VNIC.</summary>
    [Id(4)]
    public VnicId? Vnic { get; init; }

    [Id(5)]
    public InstanceId? Instance { get; init; }
}
