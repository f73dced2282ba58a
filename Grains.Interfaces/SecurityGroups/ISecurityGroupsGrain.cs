namespace NovaOrleans.SecurityGroups;

/// <summary>
/// The security groups of one project, and the only writer of their rows: one owner, because names are unique in a project and
/// rules name groups of it. Key: the project's id.
/// </summary>
[Alias("nova.ISecurityGroupsGrain")]
public interface ISecurityGroupsGrain : IGrainWithStringKey
{
    /// <summary>In the order of their names; the project's <c>default</c> group is made when it is first asked for.</summary>
    [Alias("List"), Repeatable]
    Task<IReadOnlyList<SecurityGroupView>> List();

    [Alias("Describe"), Repeatable]
    Task<Outcome<SecurityGroupView>> Describe(SecurityGroupId group);

    /// <summary>The ids of these names, in their order; no names mean <c>default</c>. A launch asks this.</summary>
    [Alias("Resolve"), Repeatable]
    Task<Outcome<IReadOnlyList<SecurityGroupId>>> Resolve(IReadOnlyList<string> names);

    /// <summary>Refused where the project has a group of this name, or its quota of groups is used up.</summary>
    [Alias("Create"), Repeatable(ByKey = true)]
    Task<Outcome<SecurityGroupView>> Create(CreateSecurityGroup command);

    [Alias("Rename"), Repeatable]
    Task<Outcome<SecurityGroupView>> Rename(SecurityGroupId group, string? name, string? description, string actor);

    /// <summary>Refused for <c>default</c>, and while instances are in the group or rules name it as their source.</summary>
    [Alias("Delete"), Repeatable(Gone = RefusalCode.SecurityGroupNotFound)]
    Task<Outcome> Delete(SecurityGroupId group, string actor);

    /// <summary>Refused where the group has the same rule already, or the project's quota of rules is used up.</summary>
    [Alias("AddRule"), Repeatable]
    Task<Outcome<SecurityRule>> AddRule(AddSecurityRule command);

    /// <summary>Removing what is gone is done already. Flows that only this rule allowed are cut.</summary>
    [Alias("RemoveRule"), Repeatable]
    Task<Outcome> RemoveRule(SecurityRuleId rule, string actor);

    /// <summary>
    /// Deletes all groups, as nova's <c>project scrub</c>; refused while instances are in one. <c>default</c> is made anew when it
    /// is next asked for.
    /// </summary>
    [Alias("Scrub"), Repeatable]
    Task<Outcome> Scrub(string actor);
}

[GenerateSerializer, Immutable, Alias("nova.CreateSecurityGroup")]
public sealed record CreateSecurityGroup(string Name, string Description, string Actor, RequestKey? Key = null) : IKeyed;

/// <summary>Ports, type and code as in <see cref="SecurityRule"/>; exactly one of the two sources.</summary>
[GenerateSerializer, Immutable, Alias("nova.AddSecurityRule")]
public sealed record AddSecurityRule(
    SecurityGroupId Group, RuleProtocol Protocol, int FromPort, int ToPort, string? Cidr, SecurityGroupId? SourceGroup)
{
    [Id(10)]
    public string Actor { get; init; } = "";

    /// <summary>Chosen by whoever asks, so that a repeat finds the rule that the call before made.</summary>
    [Id(11)]
    public SecurityRuleId Id { get; init; } = SecurityRuleId.New();
}

/// <summary><paramref name="RowId"/> is the row's number, which nova's APIs speak of.</summary>
[GenerateSerializer, Immutable, Alias("nova.SecurityGroupView")]
public sealed record SecurityGroupView(
    long RowId, SecurityGroupId Id, ProjectId Project, string Name, string Description, IReadOnlyList<SecurityRule> Rules);
