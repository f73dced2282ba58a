namespace NovaOrleans.Pools;

/// <summary>
/// Creates an ethernet card, and a port of this network with it, in one commit. <paramref name="Vnic"/> is chosen by the
/// caller, so that a repeat finds the card that the first attempt made. <paramref name="Mac"/> and
/// <paramref name="Address"/> are given or chosen by the pool.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.CreateVnic")]
public sealed record CreateVnic(
    VnicId Vnic,
    ProjectId Project,
    string Actor,
    string? Name = null,
    MacAddress? Mac = null,
    Ip4Address? Address = null,
    RequestKey? Key = null);

/// <summary>
/// Creates many ethernet cards with a port of this network each, all or none, in one commit. The cards' ids are chosen by the
/// caller. With a key the answer of the first attempt is found again, as far as its cards still live.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.CreateVnics")]
public sealed record CreateVnics(
    ProjectId Project, string Actor, IReadOnlyList<CreateVnics.Card> Cards, RequestKey? Key = null)
{
    /// <summary>More would keep others waiting for the commit that they share.</summary>
    public const int Most = 1000;

    [GenerateSerializer, Immutable, Alias("nova.CreateVnics.Card")]
    public sealed record Card(VnicId Vnic, string? Name = null, MacAddress? Mac = null, Ip4Address? Address = null);
}

/// <summary>Allocates a port: a fixed IP that no VNIC holds yet.</summary>
[GenerateSerializer, Immutable, Alias("nova.CreatePort")]
public sealed record CreatePort(
    PortId Port, ProjectId Project, string Actor, Ip4Address? Address = null, RequestKey? Key = null);

/// <summary>Plugs an existing VNIC into a port of this network, or, where no port is named, into a new one.</summary>
[GenerateSerializer, Immutable, Alias("nova.PlugVnic")]
public sealed record PlugVnic(
    VnicId Vnic, MacAddress Mac, ProjectId Project, string Actor, PortId? Port = null, Ip4Address? Address = null)
{
    /// <summary>
    /// The id of a new port, beside those that the VNIC has of this network: a further address. Null where the first one that it
    /// has is as good.
    /// </summary>
    [Id(20)]
    public PortId? Further { get; init; }
}
