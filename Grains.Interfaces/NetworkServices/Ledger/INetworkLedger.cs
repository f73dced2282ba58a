using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices;

/// <summary>
/// The core's networks, VNICs and ports as one network service has them: what another service made is not there (404). Enough for a
/// service that knows nothing else of the core. Every answer is given after its commit, and every call may be repeated: ids are the
/// caller's, so that a repeat finds what the first attempt made.
/// </summary>
/// <remarks>
/// A network without project is every project's to use and an admin's to delete. A VNIC of another project is not there.
/// </remarks>
public interface INetworkLedger
{
    /// <summary>
    /// Makes a network, with an address pool where it has a subnet. The same id, or the same key of <paramref name="by"/>, again
    /// gives the same network; after a key its id may be another than the draft's, which then was never used.
    /// </summary>
    Task<Outcome<LedgerNetwork>> CreateNetwork(Asker by, NetworkDraft draft);

    /// <summary>The service's networks that the asker sees, one page, oldest first.</summary>
    Task<IReadOnlyList<LedgerNetwork>> ListNetworks(Asker by, Page page);

    Task<Outcome<LedgerNetwork>> ShowNetwork(Asker by, NetworkId network);

    /// <summary>Refused while a port of it is held. Deleting a deleted network is done already.</summary>
    Task<Outcome> DeleteNetwork(Asker by, NetworkId network);

    /// <summary>
    /// The network for a VNIC of this project when nobody says which: the oldest of its own, else what <paramref name="use"/> says of
    /// those without project, else a refusal that says to make one.
    /// </summary>
    Task<Outcome<NetworkId>> NetworkFor(ProjectId project, FreeNetworks use);

    /// <summary>Makes a VNIC, and where the draft names a network its port and address, in one commit.</summary>
    Task<Outcome<LedgerVnic>> CreateVnic(Asker by, VnicDraft draft);

    /// <summary>
    /// <see cref="IOsService.GetDefaultVnicId"/> for a service with these networks: a VNIC in <see cref="NetworkFor"/>'s answer.
    /// </summary>
    Task<Outcome<VnicId>> CreateDefaultVnic(ProjectId project, VnicId vnic, FreeNetworks use);

    /// <summary>The service's VNICs that the asker sees, one page, oldest first.</summary>
    Task<IReadOnlyList<LedgerVnic>> ListVnics(Asker by, Page page);

    /// <summary>These VNICs, in the order asked for; one that the asker does not see is left out.</summary>
    Task<IReadOnlyList<LedgerVnic>> FindVnics(Asker by, IReadOnlyList<VnicId> vnics);

    /// <summary>
    /// <see cref="IOsApiService.ValidateVnics"/>: whether each lives, is the project's, is of this service, is named once and is
    /// attached to no instance; every fault is told.
    /// </summary>
    Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics);

    /// <summary>
    /// <see cref="IOsService.BindVnicsToPorts"/> for a service with these networks: each VNIC without a port gets one in
    /// <see cref="NetworkFor"/>'s answer, which is asked for only where one lacks a port.
    /// </summary>
    Task<Outcome> BindVnics(ProjectId project, IReadOnlyList<VnicId> vnics, FreeNetworks use);

    /// <summary>What the VNIC's guest is to know: the seed's thirteen keys (S137 to S139).</summary>
    Task<Outcome<NetworkInfo>> InfoOf(Asker by, VnicId vnic);

    /// <summary>
    /// Plugs a VNIC into a port of this network, with this address if one is given. The port that it has there already is the answer
    /// where no address is asked for.
    /// </summary>
    Task<Outcome<LedgerPort>> Plug(Asker by, VnicId vnic, NetworkId network, Ip4Address? address = null);

    /// <summary>
    /// Unplugs a VNIC from this network and frees its ports there. Refused while it is attached to an instance; where it has none,
    /// done already.
    /// </summary>
    Task<Outcome> Unplug(Asker by, VnicId vnic, NetworkId network);

    /// <summary>The ports of a network that the asker sees, one page: on a network without project, a project's own.</summary>
    Task<Outcome<IReadOnlyList<LedgerPort>>> ListPorts(Asker by, NetworkId network, Page page);

    /// <summary>Frees a port that no VNIC is plugged into; freeing a free one is done already.</summary>
    Task<Outcome> FreePort(Asker by, NetworkId network, PortId port);

    /// <summary>Refused while it is attached to an instance; frees its ports. Deleting a deleted VNIC is done already.</summary>
    Task<Outcome> DeleteVnic(Asker by, VnicId vnic);
}

/// <summary>What becomes of the service's networks without project, for a project that has none of its own.</summary>
public enum FreeNetworks
{
    /// <summary>They are left alone.</summary>
    Leave,

    /// <summary>One of them becomes the project's.</summary>
    Take,

    /// <summary>One of them is used as it is, beside other projects.</summary>
    Share,
}

/// <summary>
/// Who asks the ledger. <paramref name="Scope"/> is whose objects are seen, null for everybody's; <paramref name="Actor"/> is written
/// into the history; <paramref name="Key"/> makes a create without chosen ids repeatable.
/// </summary>
public sealed record Asker(ProjectId? Scope, string Actor, RequestKey? Key = null)
{
    /// <summary>A project, on its own behalf: for what no request asks for.</summary>
    public static Asker Of(ProjectId project) => new(project, project.Value);

    /// <summary>Whoever sent this request.</summary>
    public static Asker Of(ApiRequest request) => new(request.Scope, request.Actor, request.Key) { IsAdmin = request.IsAdmin };

    /// <summary>Whether a network without project may be changed.</summary>
    public bool IsAdmin { get; init; } = Scope is null;
}
