using NovaOrleans.Api.Routes;
using NovaOrleans.Api.Servers;
using NovaOrleans.Instances;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.SecurityGroups;

/// <summary>Which groups a server is in.</summary>
internal sealed class ServerGroupRoutes(IGrainFactory grains, ServerReader reader) : ICoreRoutes
{
    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, $"{ServerResource.Collection}/{{id}}/os-security-groups", Access.Reader, List,
            new("The security groups of an instance")),
    ];

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!(await reader.Find(request)).Try(out InstanceView? instance, out Refusal? refusal))
        {
            return refusal;
        }

        ServerDetails server = (await reader.Of([instance]))[0];
        IReadOnlyList<SecurityGroupView> project = await grains.GetGrain<ISecurityGroupsGrain>(instance.Project.Value).List();
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("security_groups", "security_group");
            foreach (SecurityGroupView group in server.Groups.Select(g => project.First(p => p.Id == g.Group)))
            {
                w.BeginItem();
                SecurityGroupResource.WriteFields(w, group, project);
                w.EndItem();
            }

            w.EndList();
        });
    }
}
