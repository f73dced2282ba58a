using NovaOrleans.Api.Routes;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Cloud;

/// <summary>
/// VNICs whose network service is not installed any more (D12): their own routes are gone with it, so they are seen, and
/// deleted, here.
/// </summary>
internal sealed class OrphanRoutes(IGrainFactory grains, NetworkServiceManager services) : ICoreRoutes
{
    private const string Collection = "/v1.1/orphans";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, Collection, Access.Admin, List, new("VNICs whose network service is not installed")),
        new(HttpMethod.Delete, $"{Collection}/{{id}}", Access.Admin, Delete, new("Delete such a VNIC that no instance has")),
    ];

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<VnicView> orphans = await grains.GetGrain<ILedgerQueryGrain>(0)
            .VnicsOfOthers([.. services.List().Select(s => s.Path)], null, page);
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("orphans", "vnic");
            foreach (VnicView vnic in orphans)
            {
                w.BeginItem();
                w.Field("id", vnic.Id.Value);
                w.Field("network_service", vnic.Service.Value);
                w.Field("project_id", vnic.Project.Value);
                w.Field("mac_address", vnic.Mac.ToString());
                w.Field("address", vnic.Ports is [{ } port, ..] ? port.Address?.ToString() : null);
                w.Field("instance_id", vnic.Instance?.Value);
                w.Field("host", vnic.Host?.Value);
                w.EndItem();
            }

            w.EndList();
            w.WriteNext(request, "orphans", page, orphans.Count, orphans.Count > 0 ? orphans[^1].Id.Value : default);
        });
    }

    private async Task<ApiAnswer> Delete(ApiRequest request)
    {
        Refusal unknown = Refusal.NotFound(RefusalCode.VnicNotFound, "orphan", BodyText.Shown(request.Route("id")));
        if (!Guid.TryParseExact(request.Route("id"), "D", out Guid id)
            || await grains.GetGrain<ILedgerQueryGrain>(0).VnicsById([new VnicId(id)]) is not [{ } vnic]
            || services.Get(vnic.Service).Try(out _, out _))
        {
            return unknown;
        }

        Outcome deleted = await grains.GetGrain<IVnicGrain>(id).Delete(null, request.Actor);
        return deleted.Refusal is { } refused ? refused : ApiAnswer.NoContent;
    }
}
