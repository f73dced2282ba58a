using NovaOrleans.Vnics;
using Orleans.Concurrency;

namespace NovaOrleans.Pools;

/// <summary>
/// The fixed-IP pool of one network, and the only place where an address is decided: one actor, a bitmap in memory, one
/// durable row per address. Calls interleave; each answers after the commit of its own rows. Key: the network's UUID.
/// A network without an IPv4 subnet has a pool too: its ports carry no address.
/// </summary>
[Alias("nova.IFixedIpPoolGrain")]
public interface IFixedIpPoolGrain : IGrainWithGuidKey
{
    /// <summary>Card, port and history in one commit. Refused: full, closing, address or MAC taken, key reused.</summary>
    [Alias("CreateVnic"), Repeatable, AlwaysInterleave]
    Task<Outcome<VnicView>> CreateVnic(CreateVnic command);

    /// <summary>
    /// Up to <see cref="Pools.CreateVnics.Most"/> of them in one commit, in the order asked for. Refused as a whole where one
    /// would be refused alone.
    /// </summary>
    [Alias("CreateVnics"), Repeatable, AlwaysInterleave]
    Task<Outcome<IReadOnlyList<VnicView>>> CreateVnics(CreateVnics command);

    [Alias("CreatePort"), Repeatable, AlwaysInterleave]
    Task<Outcome<PortView>> CreatePort(CreatePort command);

    /// <summary>The same VNIC in the same port again is done already; another VNIC's port is <c>AlreadyAttached</c>.</summary>
    [Alias("Plug"), Repeatable, AlwaysInterleave]
    Task<Outcome<PortView>> Plug(PlugVnic command);

    /// <summary>The port stays allocated, without VNIC. Refused while the VNIC is attached to an instance.</summary>
    [Alias("Unplug"), Repeatable, AlwaysInterleave]
    Task<Outcome> Unplug(PortId port, string actor);

    /// <summary>
    /// Takes one of several addresses of this network from a VNIC that stays. It rests, as after a deletion, when the host has
    /// confirmed that its guard does not let it out any more; until then it is releasing. Refused for the only one.
    /// </summary>
    [Alias("Withdraw"), Repeatable(Gone = RefusalCode.PortNotFound), AlwaysInterleave]
    Task<Outcome> Withdraw(PortId port, string actor);

    /// <summary>ACTIVE or DOWN (R16): a port that is down takes its VNIC down with it, for one link carries them all.</summary>
    [Alias("SetUp"), Repeatable, AlwaysInterleave]
    Task<Outcome<PortView>> SetUp(PortId port, bool up, string actor);

    /// <summary>Frees a port that no VNIC holds.</summary>
    [Alias("DeletePort"), Repeatable, AlwaysInterleave]
    Task<Outcome> DeletePort(PortId port, string actor);

    /// <summary>
    /// Soft-deletes the card at this version and frees all its ports of this network in one commit. Their addresses rest
    /// in quarantine if the VNIC had ever reached a host (generation above 0), and are free at once otherwise.
    /// </summary>
    [Alias("DeleteVnic"), Repeatable(Gone = RefusalCode.VnicNotFound), AlwaysInterleave]
    Task<Outcome> DeleteVnic(VnicId vnic, long version, string actor);

    [Alias("Reserve"), Repeatable, AlwaysInterleave]
    Task<Outcome> Reserve(Ip4Address address, string actor);

    [Alias("Unreserve"), Repeatable, AlwaysInterleave]
    Task<Outcome> Unreserve(Ip4Address address, string actor);

    [Alias("Describe"), Repeatable, AlwaysInterleave]
    Task<PoolView> Describe();

    /// <summary>Closes to new holds if nothing is held, in one statement; otherwise refused with <c>NetworkInUse</c>.</summary>
    [Alias("Close")]
    Task<Outcome> Close();

    [Alias("Reopen")]
    Task Reopen();
}
