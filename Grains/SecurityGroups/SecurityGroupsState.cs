namespace NovaOrleans.SecurityGroups;

/// <summary>A project's groups with their rules, in the order of their names, as the rows have them.</summary>
public sealed record SecurityGroupsState(ProjectId Project, IReadOnlyList<SecurityGroupView> Groups)
{
    public SecurityGroupView? Find(SecurityGroupId group) => Groups.FirstOrDefault(g => g.Id == group);

    public SecurityGroupView? Find(string name) => Groups.FirstOrDefault(g => g.Name == name);

    public SecurityGroupView? With(SecurityRuleId rule) => Groups.FirstOrDefault(g => g.Rules.Any(r => r.Id == rule));
}
