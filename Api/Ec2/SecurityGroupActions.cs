using System.Xml.Linq;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.Ec2;

/// <summary>Security groups, as EC2 had them before networks of the user's own: rules for what comes in.</summary>
internal sealed class SecurityGroupActions(Ec2Groups groups) : IEc2Actions
{
    private static readonly Dictionary<string, Func<SecurityGroupView, IEnumerable<string?>>> Filters = new()
    {
        ["group-id"] = g => [Ec2Groups.IdOf(g)],
        ["group-name"] = g => [g.Name],
        ["description"] = g => [g.Description],
        ["owner-id"] = g => [g.Project.Value],
    };

    public IEnumerable<(string Name, Role Least, Ec2Action Action)> Actions() =>
    [
        ("CreateSecurityGroup", Role.Member, Create),
        ("DeleteSecurityGroup", Role.Member, Delete),
        ("DescribeSecurityGroups", Role.Reader, Describe),
        ("AuthorizeSecurityGroupIngress", Role.Member, Authorize),
        ("RevokeSecurityGroupIngress", Role.Member, Revoke),
    ];

    private async Task<Ec2Answer> Create(Ec2Call call)
    {
        string name = call.Parameters.Required("GroupName", Names.IsLabel, Names.LabelAccepts);
        string description = call.Parameters.Required("GroupDescription", Names.IsLabel, Names.LabelAccepts);
        if (call.Parameters.Faults() is { } fault)
        {
            return fault;
        }

        Outcome<SecurityGroupView> made =
            await groups.Of(call.Project).Create(new CreateSecurityGroup(name, description, call.Actor, call.Key));
        return made.Try(out SecurityGroupView? group, out Refusal? refusal)
            ? Ec2Answer.Of(new XElement("return", "true"), new XElement("groupId", Ec2Groups.IdOf(group)))
            : Ec2Fault.Of(
                refusal, (RefusalCode.Conflict, "InvalidGroup.Duplicate"),
                (RefusalCode.QuotaExceeded, "SecurityGroupLimitExceeded"));
    }

    private async Task<Ec2Answer> Delete(Ec2Call call)
    {
        (SecurityGroupView? group, Ec2Fault? fault) = await groups.Named(call);
        if (group is null || (fault = call.Parameters.Faults()) is not null)
        {
            return fault!;
        }

        Outcome gone = await groups.Of(call.Project).Delete(group.Id, call.Actor);
        return gone.Refusal is { } refusal
            ? Ec2Fault.Of(refusal, (RefusalCode.RequestedStateInvalid, "CannotDelete"))
            : Ec2Answer.Done;
    }

    private async Task<Ec2Answer> Describe(Ec2Call call)
    {
        IReadOnlyList<string> names = call.Parameters.List("GroupName");
        IReadOnlyList<string> ids = call.Parameters.List("GroupId");
        Ec2Filters<SecurityGroupView> filters = Ec2Filters<SecurityGroupView>.Read(call.Parameters, Filters);
        if (call.Parameters.Faults() is { } fault)
        {
            return fault;
        }

        IReadOnlyList<SecurityGroupView> all = await groups.Of(call.Project).List();
        if (names.FirstOrDefault(n => all.All(g => g.Name != n)) is { } noName)
        {
            return Ec2Groups.Unknown(noName);
        }

        if (ids.FirstOrDefault(i => all.All(g => Ec2Groups.IdOf(g) != i)) is { } noId)
        {
            return Ec2Groups.Unknown(noId);
        }

        Dictionary<SecurityGroupId, SecurityGroupView> byId = all.ToDictionary(g => g.Id);
        IEnumerable<SecurityGroupView> shown = all.Where(g => filters.Shows(g)
            && ((names.Count == 0 && ids.Count == 0) || names.Contains(g.Name) || ids.Contains(Ec2Groups.IdOf(g))));
        return Ec2Answer.Of(Ec2Answer.List("securityGroupInfo", shown.Select(g => SecurityGroupXml.Content(g, byId))));
    }

    /// <summary>All of the rules or, where one is refused, none.</summary>
    private async Task<Ec2Answer> Authorize(Ec2Call call)
    {
        (SecurityGroupView? group, IReadOnlyList<AddSecurityRule> wanted, Ec2Fault? fault) = await Rules(call);
        if (group is null || fault is not null)
        {
            return fault!;
        }

        ISecurityGroupsGrain grain = groups.Of(call.Project);
        var added = new List<SecurityRuleId>(wanted.Count);
        foreach (AddSecurityRule rule in wanted)
        {
            Outcome<SecurityRule> made = await grain.AddRule(rule);
            if (made.Refused)
            {
                foreach (SecurityRuleId before in added)
                {
                    await grain.RemoveRule(before, call.Actor);
                }

                return Ec2Fault.Of(
                    made.Refusal, (RefusalCode.Conflict, "InvalidPermission.Duplicate"),
                    (RefusalCode.QuotaExceeded, "RulesPerSecurityGroupLimitExceeded"));
            }

            added.Add(made.Value.Id);
        }

        return Ec2Answer.Done;
    }

    /// <summary>The rules are looked for before one of them goes.</summary>
    private async Task<Ec2Answer> Revoke(Ec2Call call)
    {
        (SecurityGroupView? group, IReadOnlyList<AddSecurityRule> wanted, Ec2Fault? fault) = await Rules(call);
        if (group is null || fault is not null)
        {
            return fault!;
        }

        SecurityRule?[] found = [.. wanted.Select(w => group.Rules.FirstOrDefault(r => IsSame(r, w)))];
        if (Array.IndexOf(found, null) is >= 0 and var missing)
        {
            AddSecurityRule rule = wanted[missing];
            return new Ec2Fault(
                "InvalidPermission.NotFound",
                $"Group '{group.Name}' has no rule {rule.Protocol} {rule.FromPort} to {rule.ToPort} from "
                    + $"{rule.Cidr ?? rule.SourceGroup.ToString()}.");
        }

        foreach (SecurityRule rule in found.OfType<SecurityRule>())
        {
            Outcome gone = await groups.Of(call.Project).RemoveRule(rule.Id, call.Actor);
            if (gone.Refused)
            {
                return gone.Refusal;
            }
        }

        return Ec2Answer.Done;
    }

    private async Task<(SecurityGroupView? Group, IReadOnlyList<AddSecurityRule> Rules, Ec2Fault? Fault)> Rules(Ec2Call call)
    {
        (SecurityGroupView? group, Ec2Fault? fault) = await groups.Named(call);
        if (group is null)
        {
            return (null, [], fault);
        }

        IReadOnlyList<SecurityGroupView> all = await groups.Of(call.Project).List();
        IReadOnlyList<AddSecurityRule> rules = PermissionReader.Read(call, group.Id, all);
        return (group, rules, call.Parameters.Faults());
    }

    private static bool IsSame(SecurityRule has, AddSecurityRule wanted) => has.Protocol == wanted.Protocol
        && has.FromPort == wanted.FromPort && has.ToPort == wanted.ToPort && has.Cidr == wanted.Cidr
        && has.SourceGroup == wanted.SourceGroup;
}
