using NovaOrleans.Api.Routes;
using NovaOrleans.Ec2;

namespace NovaOrleans.Api.Ec2;

/// <summary>The EC2 keys of projects: made, listed and deleted by an admin.</summary>
internal sealed class Ec2KeyRoutes(IGrainFactory grains) : ICoreRoutes
{
    private const string Collection = "/v1.1/projects/{id}/ec2_keys";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Post, Collection, Access.Admin, Create,
            new("Make an EC2 key for the project, and tell its secret", """{"ec2_key": {"role": "member"}}""")),
        new(HttpMethod.Get, Collection, Access.Admin, List, new("The project's EC2 keys, without their secrets")),
        new(HttpMethod.Delete, $"{Collection}/{{access_key}}", Access.Admin, Delete,
            new("Delete an EC2 key: nothing is signed with it any more")),
    ];

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        string role = request.Body.Root("ec2_key").OneOf("role", "reader", "member") ?? "member";
        if (request.Body.Faulty(out Refusal? refusal)
            || !Ring(request).Try(out IEc2KeyRingGrain? ring, out refusal)
            || !(await ring.CreateAs(Enum.Parse<Role>(role, ignoreCase: true), request.Actor, request.Key))
                .Try(out Ec2Key? key, out refusal))
        {
            return refusal;
        }

        return ApiAnswer.Created(w =>
        {
            w.BeginRoot("ec2_key");
            w.Field("access_key", key.AccessKey);
            w.Field("secret_key", key.Secret);
            w.Field("project_id", key.Project.Value);
            w.Field("role", key.Role.ToString().ToLowerInvariant());
            w.EndRoot();
        });
    }

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!Ring(request).Try(out IEc2KeyRingGrain? ring, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<Ec2KeyView> keys = await ring.List();
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("ec2_keys", "ec2_key");
            foreach (Ec2KeyView key in keys)
            {
                w.BeginItem();
                w.Field("access_key", key.AccessKey);
                w.Field("role", key.Role.ToString().ToLowerInvariant());
                w.Field("created_at", key.CreatedAt);
                w.EndItem();
            }

            w.EndList();
        });
    }

    private async Task<ApiAnswer> Delete(ApiRequest request) =>
        !Ring(request).Try(out IEc2KeyRingGrain? ring, out Refusal? refusal) ? refusal
        : (await ring.Delete(request.Route("access_key"), request.Actor)).Refusal is { } refused ? refused
        : ApiAnswer.NoContent;

    private Outcome<IEc2KeyRingGrain> Ring(ApiRequest request) =>
        ProjectId.TryParse(request.Route("id"), out ProjectId id)
            ? Outcome.Of(grains.GetGrain<IEc2KeyRingGrain>(id.Value))
            : Refusal.NotFound(RefusalCode.ProjectNotFound, "project", request.Route("id"));
}
