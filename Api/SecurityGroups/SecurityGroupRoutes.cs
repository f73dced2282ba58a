using NovaOrleans.Api.Routes;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.SecurityGroups;

/// <summary>nova's os-security-groups: the groups of the request's project.</summary>
internal sealed class SecurityGroupRoutes(SecurityGroupDirectory directory) : ICoreRoutes
{
    private const string Collection = "/v1.1/os-security-groups";
    private const string One = $"{Collection}/{{id}}";
    private const string Example = """{"security_group": {"name": "web", "description": "web servers"}}""";
    private const string DescriptionAccepts = $"empty, or {Names.LabelAccepts}";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, Collection, Access.Reader, List, new("The project's security groups with their rules")),
        new(HttpMethod.Post, Collection, Access.Member, Create, new("Make a security group, which lets nothing in", Example)),
        new(HttpMethod.Get, One, Access.Reader, Show, new("One security group")),
        new(HttpMethod.Put, One, Access.Member, Rename, new("Rename a security group", Example)),
        new(HttpMethod.Delete, One, Access.Member, Delete, new("Delete a security group that nothing uses")),
    ];

    private async Task<ApiAnswer> List(ApiRequest request) =>
        !(await directory.List(request)).Try(out IReadOnlyList<SecurityGroupView>? groups, out Refusal? refusal) ? refusal
        : ApiAnswer.Ok(w =>
        {
            w.BeginList("security_groups", "security_group");
            foreach (SecurityGroupView group in groups)
            {
                w.BeginItem();
                SecurityGroupResource.WriteFields(w, group, groups);
                w.EndItem();
            }

            w.EndList();
        });

    private async Task<ApiAnswer> Show(ApiRequest request) =>
        (await directory.List(request)).Try(out IReadOnlyList<SecurityGroupView>? groups, out Refusal? refusal)
        && SecurityGroupDirectory.Find(groups, request.Route("id")).Try(out SecurityGroupView? group, out refusal)
            ? Write(group, groups)
            : refusal;

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("security_group");
        body.Require("name", Names.LabelAccepts);
        (string? name, string? description) = (body.Label("name"), DescriptionOf(body));
        if (body.Faulty(out Refusal? refusal)
            || !(await directory.List(request)).Try(out IReadOnlyList<SecurityGroupView>? groups, out refusal)
            || !(await directory.Of(request).Create(new CreateSecurityGroup(name!, description ?? "", request.Actor, request.Key)))
                .Try(out SecurityGroupView? made, out refusal))
        {
            return refusal;
        }

        return Write(made, groups);
    }

    private async Task<ApiAnswer> Rename(ApiRequest request)
    {
        BodyReader body = request.Body.Root("security_group");
        (string? name, string? description) = (body.Label("name"), DescriptionOf(body));
        if (body.Faulty(out Refusal? refusal)
            || !(await directory.List(request)).Try(out IReadOnlyList<SecurityGroupView>? groups, out refusal)
            || !SecurityGroupDirectory.Find(groups, request.Route("id")).Try(out SecurityGroupView? group, out refusal)
            || !(await directory.Of(request).Rename(group.Id, name, description, request.Actor)).Try(out group, out refusal))
        {
            return refusal;
        }

        return Write(group, groups);
    }

    private async Task<ApiAnswer> Delete(ApiRequest request)
    {
        if (!(await directory.List(request)).Try(out IReadOnlyList<SecurityGroupView>? groups, out Refusal? refusal)
            || !SecurityGroupDirectory.Find(groups, request.Route("id")).Try(out SecurityGroupView? group, out refusal))
        {
            return refusal;
        }

        return (await directory.Of(request).Delete(group.Id, request.Actor)).Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }

    private static string? DescriptionOf(BodyReader body) =>
        body.Text("description", d => string.IsNullOrEmpty(d) || Names.IsLabel(d), DescriptionAccepts);

    private static ApiAnswer Write(SecurityGroupView group, IReadOnlyList<SecurityGroupView> project) => ApiAnswer.Ok(w =>
    {
        w.BeginRoot("security_group");
        SecurityGroupResource.WriteFields(w, group, project);
        w.EndRoot();
    });
}
