using NovaOrleans.Api.Routes;
using NovaOrleans.Projects;

namespace NovaOrleans.Api.Cloud;

/// <summary>What a project may have at most, as nova's os-quota-sets. A project reads its own; an admin reads and sets any.</summary>
internal sealed class QuotaRoutes(IGrainFactory grains) : ICoreRoutes
{
    private const string Collection = "/v1.1/os-quota-sets";
    private const string One = $"{Collection}/{{id}}";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, One, Access.Caller, r => Show(r, q => q.Limits), new("A project's quotas; -1 is without limit")),
        new(HttpMethod.Get, $"{One}/defaults", Access.Caller, r => Show(r, q => q.Defaults),
            new("The quotas of a project that has none of its own")),
        new(HttpMethod.Put, One, Access.Admin, Set,
            new("Set quotas of a project", """{"quota_set": {"floating_ips": 20, "fixed_ips": -1}}""")),
        new(HttpMethod.Delete, One, Access.Admin, Reset, new("Give a project the default quotas again")),
    ];

    private async Task<ApiAnswer> Show(
        ApiRequest request, Func<ProjectQuotas, IReadOnlyDictionary<QuotaKind, long>> which)
    {
        if (request.Scope is { } own && request.Route("id") != own.Value)
        {
            return Refusal.NotFound(RefusalCode.ProjectNotFound, "project", BodyText.Shown(request.Route("id")));
        }

        return !Grain(request).Try(out IProjectGrain? project, out Refusal? refusal) ? refusal
            : (await project.Quotas()).Try(out ProjectQuotas? quotas, out refusal)
                ? ApiAnswer.Ok(w => Write(w, quotas.Project, which(quotas)))
                : refusal;
    }

    private async Task<ApiAnswer> Set(ApiRequest request)
    {
        BodyReader body = request.Body.Root("quota_set");
        var limits = new Dictionary<QuotaKind, long?>();
        foreach (QuotaKind kind in Quota.Kinds)
        {
            if (body.Integer(Quota.NameOf(kind), (int)Quota.Unlimited, int.MaxValue) is { } limit)
            {
                limits[kind] = limit;
            }
        }

        return body.Faulty(out Refusal? refusal) ? refusal : await Change(request, limits);
    }

    private Task<ApiAnswer> Reset(ApiRequest request) =>
        Change(request, Quota.Kinds.ToDictionary(k => k, _ => (long?)null));

    private async Task<ApiAnswer> Change(ApiRequest request, Dictionary<QuotaKind, long?> limits) =>
        !Grain(request).Try(out IProjectGrain? project, out Refusal? refusal) ? refusal
        : (await project.SetQuotas(limits, request.Actor)).Try(out ProjectQuotas? quotas, out refusal)
            ? ApiAnswer.Ok(w => Write(w, quotas.Project, quotas.Limits))
            : refusal;

    private Outcome<IProjectGrain> Grain(ApiRequest request) => ProjectId.TryParse(request.Route("id"), out ProjectId id)
        ? Outcome.Of(grains.GetGrain<IProjectGrain>(id.Value))
        : Refusal.NotFound(RefusalCode.ProjectNotFound, "project", request.Route("id"));

    private static void Write(ResourceWriter w, ProjectId project, IReadOnlyDictionary<QuotaKind, long> limits)
    {
        w.BeginRoot("quota_set");
        w.Field("id", project.Value);
        foreach (QuotaKind kind in Quota.Kinds)
        {
            w.Field(Quota.NameOf(kind), limits[kind]);
        }

        w.EndRoot();
    }
}
