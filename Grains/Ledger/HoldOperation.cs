namespace NovaOrleans.Ledger;

/// <summary>
/// Holds one address of a pool, or, without <paramref name="Card"/>, allocates a port. <paramref name="Epoch"/> is the
/// pool activation's; a stale one holds nothing. <paramref name="Position"/> is the address less the network's.
/// </summary>
public sealed record HoldOperation(
    NetworkId Network,
    long Epoch,
    PortId Port,
    ProjectId Project,
    string Actor,
    Ip4Address? Address,
    long? Position,
    Ip6Address? AddressV6,
    RequestKey? Key,
    NewCard? Card);

/// <summary>The ethernet card that is made with its address.</summary>
public sealed record NewCard(VnicId Id, ServicePath Service, MacAddress Mac, string? Name);

public enum HoldResult
{
    Held,

    /// <summary>Another activation of the pool has taken over.</summary>
    Fenced,

    /// <summary>The pool takes no new holds.</summary>
    Closed,

    /// <summary>There is one already, by its id or its request key: see <see cref="HoldOutcome.Existing"/>.</summary>
    Repeated,

    /// <summary>Another live card has this MAC.</summary>
    MacTaken,

    /// <summary>Another live port of the network has this IPv6 address.</summary>
    AddressV6Taken,

    /// <summary>The project has a quota of fixed IPs: the hot lane counts nobody and leaves it to the general one.</summary>
    Counted,

    /// <summary>The project's quota of fixed IPs is used up: see <see cref="HoldOutcome.Quota"/>.</summary>
    OverQuota,
}

/// <summary>
/// What came of a hold. Held: <paramref name="RowId"/> is the card's (or, without one, the port's). Repeated:
/// <paramref name="Existing"/> is the UUID of the card (or port) there is, <paramref name="Hash"/> its request's,
/// <paramref name="Deleted"/> whether it lives no more.
/// </summary>
public sealed record HoldOutcome(
    HoldResult Result,
    long RowId = 0,
    DateTimeOffset CreatedAt = default,
    Guid Existing = default,
    string? Hash = null,
    bool Deleted = false,
    Refusal? Quota = null);

/// <summary>
/// What came of holds of which all are made or none. All: <paramref name="Held"/> in their order. None:
/// <paramref name="Why"/> is what came of number <paramref name="Refused"/>.
/// </summary>
public sealed record HoldAllOutcome(IReadOnlyList<HoldOutcome> Held, int Refused = -1, HoldOutcome? Why = null)
{
    public static HoldAllOutcome None(int refused, HoldOutcome why) => new([], refused, why);

    /// <summary>Of a hold that was alone.</summary>
    public HoldOutcome Only => Why ?? Held[0];
}
