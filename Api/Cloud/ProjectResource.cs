using NovaOrleans.Projects;

namespace NovaOrleans.Api.Cloud;

/// <summary>A project as the API shows it.</summary>
internal static class ProjectResource
{
    public const string Collection = "/v1.1/projects";

    public static Outcome<ProjectId> IdOf(ApiRequest request) =>
        ProjectId.TryParse(request.Route("id"), out ProjectId id)
            ? id
            : Refusal.NotFound(RefusalCode.ProjectNotFound, "project", request.Route("id"));

    public static void Write(
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

    public static void WriteLinks(ResourceWriter w, ApiRequest request, ProjectId project)
    {
        w.BeginList("links", "link");
        w.BeginItem();
        w.Field("rel", "self");
        w.Field("href", request.Href($"{Collection}/{project}"));
        w.EndItem();
        w.EndList();
    }
}
