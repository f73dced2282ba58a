namespace NovaOrleans.Ledger;

/// <summary>Soft-deletes a card at <paramref name="Version"/> and frees its ports of one network.</summary>
public sealed record FreeOperation(NetworkId Network, long Epoch, VnicId Vnic, long Version, string Actor);

public enum FreeResult
{
    Freed,

    /// <summary>Another activation of the pool has taken over.</summary>
    Fenced,

    /// <summary>No live card has this id: deleted already, or never made.</summary>
    Gone,

    /// <summary>The card has another version.</summary>
    Stale,

    /// <summary>An instance has the card.</summary>
    Attached,

    /// <summary>The card holds ports of other networks, whose pools must free them first.</summary>
    HeldElsewhere,
}

public sealed record FreeOutcome(FreeResult Result, IReadOnlyList<FreedAddress> Addresses)
{
    public static FreeOutcome Refused(FreeResult result) => new(result, []);
}

/// <summary>An address that was freed: at once, or after <paramref name="QuarantinedUntil"/>.</summary>
public sealed record FreedAddress(long? Position, DateTimeOffset? QuarantinedUntil);
