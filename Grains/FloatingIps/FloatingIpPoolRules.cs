namespace NovaOrleans.FloatingIps;

/// <summary>What may happen to a floating IP (rows R21, R22, R24).</summary>
public static class FloatingIpPoolRules
{
    /// <summary>A /20: what one commit can write without keeping others waiting.</summary>
    public const int LargestRange = 4096;

    /// <summary>The range's addresses that a machine can have: all of a /31 and a /32 (RFC 3021).</summary>
    public static Outcome<IReadOnlyList<Ip4Address>> AddressesOf(Cidr4 range)
    {
        if (range.Size > LargestRange)
        {
            return new Refusal(
                RefusalCode.MalformedRequest,
                $"Field 'ip_range' was '{range}'; accepted is a prefix of at most {LargestRange} addresses, as a /20.",
                range.ToString(),
                "ip_range");
        }

        (uint first, uint last) = range.Length >= 31
            ? (range.Network.Bits, range.Broadcast.Bits)
            : (range.Network.Bits + 1, range.Broadcast.Bits - 1);
        return Outcome.Of<IReadOnlyList<Ip4Address>>(
            [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => new Ip4Address(first + (uint)i))]);
    }

    public static Refusal NotFound(object id) => Refusal.NotFound(RefusalCode.FloatingIpNotFound, "floating IP", id);

    public static Refusal Present(string address, string pool) => new(
        RefusalCode.Conflict, $"Floating IP {address} is in pool '{pool}' already.", address, "ip_range");

    public static Refusal Allocated(string address, string project) => new(
        RefusalCode.FloatingIpInUse, $"Floating IP {address} is allocated to project {project}: release it first.", address);

    public static Refusal Empty(string pool) => new(
        RefusalCode.NoMoreFloatingIps, $"Pool '{pool}' has no free floating IP.", pool, "pool");

    /// <summary>Another project's address is not there; a null project is an admin's, who sees all.</summary>
    public static Outcome<FloatingIpPoolState> Known(FloatingIpPoolState? state, FloatingIpId id, ProjectId? project) =>
        state is null || (project is { } owner && state.View.Project != owner) ? NotFound(id) : state;

    /// <summary>True where there is something to release.</summary>
    public static Outcome<bool> Release(FloatingIpPoolState state) =>
        state.View.Project is null ? false
        : state.View.Fixed is { } address ? new Refusal(
            RefusalCode.FloatingIpInUse,
            $"Floating IP {state.View.Address} stands for {address}: disassociate it first.",
            state.View.Id.ToString())
        : true;

    /// <summary>The port that it stands for from now on, and whether that is news.</summary>
    public static Outcome<(FloatingIpPoolState.Target Target, bool Changes)> Associate(
        FloatingIpPoolState state, AssociateFloatingIp command)
    {
        if (state.Wanted is not { } wanted)
        {
            return new Refusal(
                RefusalCode.VnicNotFound,
                command.Fixed is { } named
                    ? $"VNIC {command.Vnic} of project {command.Project} has no fixed IP {named}."
                    : $"Project {command.Project} has no VNIC {command.Vnic} with an IPv4 address.",
                command.Vnic.ToString(),
                "fixed_ip");
        }

        if (!wanted.Nat)
        {
            return new Refusal(
                RefusalCode.NotImplemented,
                $"Network {wanted.Network} of {wanted.Service} has no floating IPs: its hosts are not its way out.",
                wanted.Network.ToString(),
                "fixed_ip");
        }

        return state.WantedHas is { } other
            ? new Refusal(
                RefusalCode.FloatingIpInUse, $"Floating IP {other} stands for {wanted.Address} already.",
                wanted.Address.ToString(), "fixed_ip")
            : (wanted, state.View.Port != wanted.Port);
    }
}
