using NovaOrleans.Api.Routes;
using NovaOrleans.Audits;
using NovaOrleans.Ledger;

namespace NovaOrleans.Api.Cloud;

/// <summary>What the ledger says of itself: the invariants, and who had what when.</summary>
internal sealed class LedgerRoutes(IGrainFactory grains) : ICoreRoutes
{
    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, "/audit", Access.Admin, Audit, new("The invariants, counted from rows and host reports")),
        new(HttpMethod.Get, "/v1.1/history", Access.Admin, History,
            new("Changes, newest first: ?network=, ?address=, ?vnic=, ?limit=")),
    ];

    private ILedgerQueryGrain Ledger => grains.GetGrain<ILedgerQueryGrain>(0);

    private async Task<ApiAnswer> Audit(ApiRequest request)
    {
        AuditView audit = await grains.Audit(request.Context.RequestAborted);
        return ApiAnswer.Ok(w =>
        {
            w.BeginRoot("audit");
            w.Field("networks", audit.Networks);
            w.Field("vnics", audit.Vnics);
            w.Field("held_addresses", audit.HeldAddresses);
            w.Field("quarantined", audit.Quarantined);
            w.Field("floating_ips", audit.FloatingIps);
            w.Field("duplicate_addresses", audit.DuplicateAddresses);
            w.Field("leaks", audit.Leaks);
            w.Field("orphan_bindings", audit.OrphanBindings);
            w.Field("wrong_states", audit.WrongStates);
            w.Field("misplaced", audit.Misplaced);
            w.Field("drift", audit.Drift);
            w.BeginList("findings", "finding");
            foreach (string finding in audit.Findings)
            {
                w.Item(finding);
            }

            w.EndList();
            w.EndRoot();
        });
    }

    private async Task<ApiAnswer> History(ApiRequest request)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal)
            || !Uuid(request, "network").Try(out Guid? network, out refusal)
            || !Uuid(request, "vnic").Try(out Guid? vnic, out refusal)
            || !Address(request).Try(out string? address, out refusal))
        {
            return refusal;
        }

        IReadOnlyList<HistoryView> rows = await Ledger.History(
            network is { } n ? new NetworkId(n) : null, address, vnic is { } v ? new VnicId(v) : null, page);
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("history", "change");
            foreach (HistoryView row in rows)
            {
                w.BeginItem();
                w.Field("id", row.RowId);
                w.Field("at", row.At);
                w.Field("actor", row.Actor);
                w.Field("what", row.What);
                w.Field("network_id", row.Network?.Value);
                w.Field("vnic_id", row.Vnic?.Value);
                w.Field("address", row.Address);
                w.Field("generation", row.Generation);
                w.Field("why", row.Why);
                w.EndItem();
            }

            w.EndList();
        });
    }

    private static Outcome<Guid?> Uuid(ApiRequest request, string name) =>
        request.Query(name) is not { } text ? (Guid?)null
        : Guid.TryParseExact(text, "D", out Guid id) ? id
        : Wrong(name, "a UUID");

    private static Outcome<string?> Address(ApiRequest request) =>
        request.Query("address") is not { } text ? (string?)null
        : Ip4Address.TryParse(text, out Ip4Address v4) ? v4.ToString()
        : Ip6Address.TryParse(text, out Ip6Address v6) ? v6.ToString()
        : Wrong("address", $"{Ip4Address.Accepts}, or {Ip6Address.Accepts}");

    private static Refusal Wrong(string name, string accepts) =>
        new(RefusalCode.MalformedRequest, $"Query '{name}' is wrong; accepted is {accepts}.", Field: name);
}
