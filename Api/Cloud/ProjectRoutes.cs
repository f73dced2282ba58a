using System.Globalization;
using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Api.Routes;
using NovaOrleans.Instances;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Projects;

namespace NovaOrleans.Api.Cloud;

/// <summary>Projects and the network service that each uses (S43 to S46, S68 to S74, S149 to S152).</summary>
internal sealed class ProjectRoutes(IGrainFactory grains, NetworkServiceManager services, ProjectServices known)
    : ICoreRoutes
{
    private const string Collection = "/v1.1/projects";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Post, Collection, Access.Admin, Create,
            new("Make a project known", """{"project": {"id": "blue", "name": "The blue team"}}""")),
        new(HttpMethod.Get, Collection, Access.Admin, List, new("All projects")),
        new(HttpMethod.Get, $"{Collection}/{{id}}", Access.Admin, Show,
            new("One project and the network service it uses")),
        new(HttpMethod.Get, $"{Collection}/{{id}}/network_service", Access.Admin, Show,
            new("The network service that the project uses")),
        new(HttpMethod.Put, $"{Collection}/{{id}}/network_service", Access.Admin, SetNetworkService,
            new("Set the project's network service", """{"network_service": "vlan", "force": false}""")),
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
            ? ApiAnswer.Created(w => Write(w, request, project))
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
                WriteLinks(w, request, project);
                w.EndItem();
            }

            w.EndList();
        });
    }

    private async Task<ApiAnswer> Show(ApiRequest request) =>
        !Id(request).Try(out ProjectId id, out Refusal? refusal) ? refusal
        : (await known.Ask(id)).Try(out ProjectView? project, out refusal)
            ? ApiAnswer.Ok(w => Write(w, request, project))
            : refusal;

    private async Task<ApiAnswer> SetNetworkService(ApiRequest request)
    {
        if (!Id(request).Try(out ProjectId id, out Refusal? refusal))
        {
            return refusal;
        }

        const string accepts = "a network service's module path or short name, as in nova.network.vlan or vlan";
        request.Body.Require("network_service", accepts);
        string? asked = request.Body.Text("network_service", t => !string.IsNullOrEmpty(t), accepts);
        bool force = request.Body.Flag("force") ?? false;
        if (request.Body.Faulty(out refusal))
        {
            return refusal;
        }

        if (asked is null || !services.Find(asked).Try(out INetworkService? service, out refusal))
        {
            refusal ??= new Refusal(
                RefusalCode.MalformedRequest, $"Field 'network_service' was null; accepted is {accepts}.");
            return refusal
                with
            { Field = "network_service" };
        }

        Outcome<ProjectView> set = await Grain(id).SetNetworkService(service.Path, force, request.Actor);
        known.Forget(id);
        if (!set.Try(out ProjectView? project, out refusal))
        {
            return refusal;
        }

        IReadOnlyList<string> warnings = await Warnings(project);
        return ApiAnswer.Ok(w => Write(w, request, project, warnings));
    }

    /// <summary>What an operator should know of the change (S151); it is done all the same.</summary>
    private async Task<IReadOnlyList<string>> Warnings(ProjectView project)
    {
        var warnings = new List<string>();
        if (project.Service == services.Default)
        {
            warnings.Add($"{project.Service} is the default: the project would use it without being set.");
        }

        IReadOnlyList<InstanceView> instances =
            await grains.GetGrain<ILedgerQueryGrain>(0).Instances(project.Id, new Page());
        int others = instances.Count(i => i.Service != project.Effective && i.Status != InstanceStatus.Deleted);
        if (others > 0)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Instances of the project that keep another network service until they are deleted: {others}."));
        }

        return warnings;
    }

    private IProjectGrain Grain(ProjectId id) => grains.GetGrain<IProjectGrain>(id.Value);

    private static Outcome<ProjectId> Id(ApiRequest request) =>
        ProjectId.TryParse(request.Route("id"), out ProjectId id)
        ? id
        : Refusal.NotFound(RefusalCode.ProjectNotFound, "project", request.Route("id"));

    private static void Write(
        ResourceWriter w, ApiRequest request, ProjectView project, IReadOnlyList<string>? warnings = null)
    {
        w.BeginRoot("project");
        w.Field("id", project.Id.Value);
        w.Field("name", project.Name);
        w.Field("network_service", project.Service?.Value);
        w.Field("effective_network_service", project.Effective.Value);
        w.Field("created_at", project.CreatedAt);
        WriteLinks(w, request, project.Id);
        if (warnings is not null)
        {
            w.BeginList("warnings", "warning");
            foreach (string warning in warnings)
            {
                w.Item(warning);
            }

            w.EndList();
        }

        w.EndRoot();
    }

    private static void WriteLinks(ResourceWriter w, ApiRequest request, ProjectId project)
    {
        w.BeginList("links", "link");
        w.BeginItem();
        w.Field("rel", "self");
        w.Field("href", request.Href($"{Collection}/{project}"));
        w.EndItem();
        w.EndList();
    }
}
