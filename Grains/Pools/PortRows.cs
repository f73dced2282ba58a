namespace NovaOrleans.Pools;

/// <summary>A port's row as callers see it. The pool grain alone writes it.</summary>
public static class PortRows
{
    public const string Columns =
        "f.uuid, f.network_uuid, f.project_id, f.address, f.address_v6, f.phase, f.vnic_id, f.up, f.created_at";

    public static PortView Read(LedgerRow r) => new(
        new PortId(r.Uuid("uuid")),
        new NetworkId(r.Uuid("network_uuid")),
        r.TextOrNull("project_id") is { } project ? ProjectId.Parse(project) : default,
        r.TextOrNull("address") is { } address ? Ip4Address.Parse(address) : null,
        r.TextOrNull("address_v6") is { } addressV6 ? Ip6Address.Parse(addressV6) : null,
        (PortPhase)r.Int("phase"),
        r.UuidOrNull("vnic_id") is { } vnic ? new VnicId(vnic) : null,
        r.Flag("up"),
        r.Time("created_at"));
}
