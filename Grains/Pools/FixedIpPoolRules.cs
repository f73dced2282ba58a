using System.Globalization;
using NovaOrleans.Networks;
using NovaOrleans.Vnics;

namespace NovaOrleans.Pools;

/// <summary>What a pool decides, from what it knows; the rows have the last word.</summary>
public static class FixedIpPoolRules
{
    /// <summary>
    /// The network's and the broadcast address, the gateway, the DHCP server and the VPN's private address. 2011's nova
    /// forgot the broadcast one.
    /// </summary>
    public static IEnumerable<Ip4Address> NeverHandedOut(NetworkView network)
    {
        if (network.Subnet4 is not { } subnet)
        {
            yield break;
        }

        yield return subnet.Cidr.Network;
        yield return subnet.Cidr.Broadcast;
        if (subnet.Gateway is { } gateway)
        {
            yield return gateway;
        }

        if (subnet.DhcpServer is { } server)
        {
            yield return server;
        }

        if (network.Vpn is { } vpn)
        {
            yield return vpn.PrivateAddress;
        }
    }

    /// <summary>
    /// The position to take: the one asked for, or the next free one; null where the network has no IPv4.
    /// </summary>
    public static Outcome<long?> Choose(FixedIpPoolState pool, Ip4Address? wanted)
    {
        if (!pool.Open)
        {
            return Closing(pool.Network.Id);
        }

        if (wanted is { } address)
        {
            return Position(pool, address).Try(out long position, out Refusal? refusal)
                ? pool.IsTaken(position) ? Unavailable(pool, address, "is taken") : (long?)position
                : refusal;
        }

        if (!pool.HasAddresses)
        {
            return (long?)null;
        }

        return pool.FindFree() is var free and >= 0 ? (long?)free : Full(pool.View);
    }

    /// <summary>The position of an address that may be handed out at all.</summary>
    public static Outcome<long> Position(FixedIpPoolState pool, Ip4Address address) => pool.Network.Subnet4 switch
    {
        null => Unavailable(pool, address, "cannot be had: the network has no IPv4 subnet"),
        { } subnet when !subnet.Cidr.Contains(address) => Unavailable(pool, address, $"is not in {subnet.Cidr}"),
        { } subnet when !subnet.Allowed.Contains(address) =>
            Unavailable(pool, address, $"is not in {subnet.Allowed}, which may be handed out"),
        _ when NeverHandedOut(pool.Network).Contains(address) =>
            Unavailable(pool, address, "is the network's own (network, broadcast, gateway, DHCP server or VPN)"),
        _ => pool.PositionOf(address),
    };

    /// <summary>Why many cards can never be made at once; null where the rows must tell.</summary>
    public static Refusal? Bulk(CreateVnics command) =>
        command.Cards.Count is < 1 or > CreateVnics.Most
            ? new Refusal(
                RefusalCode.MalformedRequest,
                $"One request makes 1 to {CreateVnics.Most} ethernet cards; these are {command.Cards.Count}.", Field: "ethernet_cards")
            : Twice(command.Cards.Select(c => c.Mac)) is { } mac
                ? new Refusal(RefusalCode.MalformedRequest, $"MAC {mac} is asked for twice.", Field: "mac_address")
                : Twice(command.Cards.Select(c => c.Address)) is { } address
                    ? new Refusal(RefusalCode.MalformedRequest, $"Address {address} is asked for twice.", Field: "fixed_ip")
                    : null;

    /// <summary>
    /// A card's own key of the request's for many: the number behind a blank, which no client's key has in it.
    /// </summary>
    public static RequestKey? KeyOf(RequestKey? key, int card) => key is null || card == 0
        ? key
        : key with { Key = string.Create(CultureInfo.InvariantCulture, $"{key.Key} {card}") };

    /// <summary>What is kept of a card's key: nothing where the card's id says the same.</summary>
    public static RequestKey? Kept(RequestKey? key, VnicId card, int number = 0) =>
        key?.IdOf(number) == card.Value ? null : KeyOf(key, number);

    private static T? Twice<T>(IEnumerable<T?> values)
        where T : struct
    {
        HashSet<T> seen = [];
        return values.FirstOrDefault(v => v is { } value && !seen.Add(value));
    }

    /// <summary>The IPv6 address of a MAC in the network, or null where it has no IPv6.</summary>
    public static Ip6Address? AddressV6(NetworkView network, MacAddress mac) => network.Subnet6?.Cidr.AddressOf(mac);

    /// <summary>A MAC whose IPv6 address is not the gateway's.</summary>
    /// <param name="network">Where it is for.</param>
    /// <param name="draw">As of <see cref="MacRun.Draw"/>.</param>
    public static MacAddress DrawMac(NetworkView network, int draw)
    {
        MacAddress mac;
        do
        {
            mac = MacRun.Draw(draw);
        }
        while (network.Subnet6?.Gateway is { } gateway && AddressV6(network, mac) == gateway);

        return mac;
    }

    /// <summary>A port as callers know it: neither deleted, resting nor reserved.</summary>
    internal static bool IsPort(PoolRows.Port row) =>
        !row.Deleted && row.View.Phase is PortPhase.Allocated or PortPhase.Held;

    /// <summary>
    /// A port with its new VNIC. Only the VNIC's first one in a network carries the address of its MAC.
    /// </summary>
    public static PortView Plugged(NetworkView network, PortView port, PlugVnic command, int ordinal) => port with
    {
        Phase = PortPhase.Held,
        Vnic = command.Vnic,
        AddressV6 = ordinal == 0 ? AddressV6(network, command.Mac) : null,
    };

    public static PortView PortView(HoldOperation hold, DateTimeOffset createdAt) => new(
        hold.Port, hold.Network, hold.Project, hold.Address, hold.AddressV6,
        hold.Card is null ? PortPhase.Allocated : PortPhase.Held, hold.Card?.Id, Up: true, createdAt);

    public static VnicView View(HoldOperation hold, HoldOutcome held) => new(
        held.RowId, hold.Card!.Id, hold.Card.Service, hold.Project, hold.Card.Mac, hold.Card.Name,
        [PortView(hold, held.CreatedAt)], null, null, Generation: 0, Version: 1, held.CreatedAt);

    /// <summary>Why a hold was refused; null where there is one already, which may be the answer.</summary>
    public static Refusal? Refusal(FixedIpPoolState pool, HoldOperation hold, HoldOutcome outcome) => outcome switch
    {
        { Result: HoldResult.Closed } => Closing(pool.Network.Id),
        { Result: HoldResult.OverQuota } => outcome.Quota,
        { Result: HoldResult.MacTaken } => MacInUse(hold.Card!.Mac),
        { Result: HoldResult.AddressV6Taken } => new Refusal(
            RefusalCode.AddressUnavailable, $"Address {hold.AddressV6} is taken.",
            pool.Network.Id.ToString(), "mac_address"),
        { Result: HoldResult.Repeated, Deleted: true } => new Refusal(
            RefusalCode.Conflict, $"Id {outcome.Existing} was used before by one that is deleted.",
            outcome.Existing.ToString(), "id"),
        _ => null,
    };

    /// <summary>Whether what there is answers the same create again; otherwise why it does not.</summary>
    public static Refusal? Repeats(Guid existing, ProjectId owner, string? hash, ProjectId project, RequestKey? key) =>
        owner != project
            ? new Refusal(RefusalCode.Conflict, $"Id {existing} is another project's.", existing.ToString(), "id")
            : key is not null && hash is not null && hash != key.BodyHash
                ? RowRefusals.KeyReused(key, existing)
                : null;

    /// <summary>
    /// The card that is there, or that it is none of what was asked for: a chosen key has no hash of its request beside the card.
    /// </summary>
    public static Outcome<VnicView> AsAsked(VnicView card, CreateVnic command) =>
        command.Key is { } key
        && ((command.Mac is { } mac && mac != card.Mac)
            || (command.Address is { } address && card.Ports.All(p => p.Address != address)))
            ? RowRefusals.KeyReused(key, card.Id.Value)
            : card;

    /// <summary>Why a card was not freed; null where it is free now.</summary>
    public static Refusal? Refusal(VnicId vnic, FreeResult result) => result switch
    {
        FreeResult.Gone => Outcomes.Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", vnic),
        FreeResult.Stale => new Refusal(RefusalCode.Stale, $"VNIC {vnic} was changed elsewhere.", vnic.ToString()),
        FreeResult.Attached => VnicInUse(vnic),
        FreeResult.HeldElsewhere => new Refusal(
            RefusalCode.VnicInUse, $"VNIC {vnic} holds ports of other networks, which must be freed first.",
            vnic.ToString()),
        _ => null,
    };

    public static Refusal VnicInUse(VnicId vnic) =>
        new(RefusalCode.VnicInUse, $"VNIC {vnic} is attached to an instance.", vnic.ToString());

    public static Refusal OnlyAddress(VnicId vnic, PortView port) => new(
        RefusalCode.PortInUse,
        $"{port.Address?.ToString() ?? "The port"} is the only one of network {port.Network} that VNIC {vnic} has; it goes with the VNIC.",
        port.Id.ToString(), "address");

    public static Refusal Attached(PortId port, VnicId holder) =>
        new(RefusalCode.AlreadyAttached, $"Port {port} holds VNIC {holder}.", port.ToString());

    public static Refusal PortInUse(PortId port, VnicId holder) =>
        new(RefusalCode.PortInUse, $"VNIC {holder} is plugged into port {port}.", port.ToString());

    public static Refusal Taken(NetworkId network, Ip4Address address) =>
        new(RefusalCode.AddressUnavailable, $"Address {address} is held.", network.ToString(), "address");

    public static Refusal InUse(PoolView pool) =>
        new(RefusalCode.NetworkInUse, $"{pool.Held} ports of network {pool.Network} are in use.",
            pool.Network.ToString());

    public static Refusal Closing(NetworkId network) => new(
        RefusalCode.NetworkClosing, $"Network {network} is being deleted and takes no new ports.", network.ToString());

    public static Refusal Unavailable(FixedIpPoolState pool, Ip4Address address, string why) => new(
        RefusalCode.AddressUnavailable, $"Address {address} {why}.", pool.Network.Id.ToString(), "address");

    public static Refusal MacInUse(MacAddress mac) => new(
        RefusalCode.MacInUse, $"Another ethernet card has MAC {mac}.", mac.ToString(), "mac_address");

    public static Refusal Full(PoolView pool)
    {
        Dictionary<string, string> details = new()
        {
            ["network"] = pool.Network.ToString(),
            ["size"] = pool.Size.ToString(CultureInfo.InvariantCulture),
            ["held"] = pool.Held.ToString(CultureInfo.InvariantCulture),
            ["reserved"] = pool.Reserved.ToString(CultureInfo.InvariantCulture),
            ["quarantined"] = pool.Quarantined.ToString(CultureInfo.InvariantCulture),
        };
        string next = "";
        if (pool.NextFreeAt is { } time)
        {
            details["next_free_at"] = time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            next = $"; the next one is free at {details["next_free_at"]}";
        }

        return new Refusal(
            RefusalCode.NoMoreAddresses,
            $"Network {pool.Network} has no free address: of {pool.Size}, {pool.Held} are held, "
                + $"{pool.Reserved} reserved and {pool.Quarantined} in quarantine{next}.",
            pool.Network.ToString(),
            Details: details);
    }
}
