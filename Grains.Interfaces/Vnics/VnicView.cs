using NovaOrleans.Pools;

namespace NovaOrleans.Vnics;

/// <summary>
/// An ethernet card with its ports, in order. <paramref name="Generation"/> counts its attachments to instances;
/// <paramref name="Version"/> is the row's version, raised by each change of the card.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.VnicView")]
public sealed record VnicView(
    long RowId,
    VnicId Id,
    ServicePath Service,
    ProjectId Project,
    MacAddress Mac,
    string? Name,
    IReadOnlyList<PortView> Ports,
    InstanceId? Instance,
    HostName? Host,
    long Generation,
    long Version,
    DateTimeOffset CreatedAt);

/// <summary>Whose an ethernet card is, and what its deletion needs: its version, and the network that it is plugged into, if any.</summary>
[GenerateSerializer, Immutable, Alias("nova.VnicOwner")]
public sealed record VnicOwner(ServicePath Service, ProjectId Project, long Version, NetworkId? Network);
