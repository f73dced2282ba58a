using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Api.Routes;
using NovaOrleans.Projects;

namespace NovaOrleans.Api.Cloud;

/// <summary>Projects: made known, listed, scrubbed and forgotten (S150; nova's <c>project</c> verbs).</summary>
internal sealed class ProjectRoutes(IGrainFactory grains, ProjectServices known) : ICoreRoutes
{
    private const string Collection = ProjectResource.Collection;

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Post, Collection, Access.Admin, Create,
            new("Make a project known", """{"project": {"id": "blue", "name": "The blue team"}}""")),
        new(HttpMethod.Get, Collection, Access.Admin, List, new("All projects")),
        new(HttpMethod.Get, $"{Collection}/{{id}}", Access.Admin, Show,
            new("One project and the network service it uses")),
        new(HttpMethod.Delete, $"{Collection}/{{id}}", Access.Admin, Delete, new("Forget a project that has nothing")),
        new(HttpMethod.Post, $"{Collection}/{{id}}/action", Access.Admin, Act,
            new("Take a project's networks from it", """{"scrub": null}""")),
    ];

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("project");
        body.Require("id", ProjectId.Accepts);
        ProjectId? id = body.Project("id");
        string? name = body.Label("name");
        if (body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<ProjectView> made = await Grain(id!.Value).Create(name, request.Actor);
        return made.Try(out ProjectView? project, out refusal)
            ? ApiAnswer.Created(w => ProjectResource.Write(w, request, project))
            : refusal;
    }

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        IReadOnlyList<ProjectId> all = await grains.GetGrain<IProjectListGrain>(0).List();
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("projects", "project");
            foreach (ProjectId project in all)
            {
                w.BeginItem();
                w.Field("id", project.Value);
                ProjectResource.WriteLinks(w, request, project);
                w.EndItem();
            }

            w.EndList();
        });
    }

    private async Task<ApiAnswer> Show(ApiRequest request) =>
        !ProjectResource.IdOf(request).Try(out ProjectId id, out Refusal? refusal) ? refusal
        : (await known.Ask(id)).Try(out ProjectView? project, out refusal)
            ? ApiAnswer.Ok(w => ProjectResource.Write(w, request, project))
            : refusal;

    private async Task<ApiAnswer> Delete(ApiRequest request)
    {
        if (!ProjectResource.IdOf(request).Try(out ProjectId id, out Refusal? refusal)
            || !(await known.Ask(id)).Try(out _, out refusal))
        {
            return refusal;
        }

        Outcome deleted = await Grain(id).Delete(request.Actor);
        known.Forget(id);
        return deleted.Refusal is { } refused ? refused : ApiAnswer.NoContent;
    }

    private async Task<ApiAnswer> Act(ApiRequest request)
    {
        request.Body.Require("scrub", "null");
        request.Body.Ignore("scrub");
        if (request.Body.Faulty(out Refusal? refusal)
            || !ProjectResource.IdOf(request).Try(out ProjectId id, out refusal)
            || !(await Grain(id).Scrub(request.Actor)).Try(out IReadOnlyList<NetworkId>? networks, out refusal))
        {
            return refusal;
        }

        return ApiAnswer.Accepted(w =>
        {
            w.BeginRoot("scrub");
            w.Field("project", id.Value);
            w.BeginList("networks", "network");
            foreach (NetworkId network in networks)
            {
                w.Item(network.ToString());
            }

            w.EndList();
            w.EndRoot();
        });
    }

    private IProjectGrain Grain(ProjectId id) => grains.GetGrain<IProjectGrain>(id.Value);
}
