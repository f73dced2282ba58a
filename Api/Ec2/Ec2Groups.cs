using NovaOrleans.Ec2;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.Ec2;

/// <summary>A project's security groups, found by EC2's ids and by their names.</summary>
internal sealed class Ec2Groups(IGrainFactory grains)
{
    public static string IdOf(SecurityGroupView group) => Ec2Ids.Of(Ec2Ids.Group, group.RowId);

    public static Ec2Fault Unknown(string group) =>
        new("InvalidGroup.NotFound", $"The project has no security group '{BodyText.Shown(group)}'.");

    public ISecurityGroupsGrain Of(ProjectId project) => grains.GetGrain<ISecurityGroupsGrain>(project.Value);

    /// <summary>The group that <c>GroupId</c> or <c>GroupName</c> names.</summary>
    public async Task<(SecurityGroupView? Group, Ec2Fault? Fault)> Named(Ec2Call call)
    {
        string? id = call.Parameters.Text("GroupId");
        string? name = call.Parameters.Text("GroupName");
        if (id is null && name is null)
        {
            return (null, Ec2Fault.Missing("GroupId"));
        }

        IReadOnlyList<SecurityGroupView> all = await Of(call.Project).List();
        SecurityGroupView? group = all.FirstOrDefault(g => (id is null || IdOf(g) == id) && (name is null || g.Name == name));
        return group is null ? (null, Unknown(id ?? name!)) : (group, null);
    }

    /// <summary>The names of the groups that a launch names, by their names or ids.</summary>
    public async Task<(IReadOnlyList<string> Names, Ec2Fault? Fault)> NamesOf(
        ProjectId project, IReadOnlyList<string> names, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
        {
            return (names, null);
        }

        IReadOnlyList<SecurityGroupView> all = await Of(project).List();
        return ids.FirstOrDefault(id => all.All(g => IdOf(g) != id)) is { } unknown
            ? ([], Unknown(unknown))
            : ([.. names.Concat(ids.Select(id => all.First(g => IdOf(g) == id).Name)).Distinct()], null);
    }
}
