using NovaOrleans.Projects;

namespace NovaOrleans.SecurityGroups;

/// <summary>What a project's security groups may be, as nova had them.</summary>
public static class SecurityGroupsRules
{
    /// <summary>The group of whoever names none: it lets its own members in and nobody else.</summary>
    public const string Default = "default";

    public const string PortsAccept = "ports from 0 to 65535, the first not above the last";
    public const string IcmpAccepts = "a type and a code from 0 to 255, or -1 for any; the code of any type is -1";

    public static Outcome<SecurityGroupView> Known(SecurityGroupsState state, SecurityGroupId group) =>
        state.Find(group) is { } found ? found : Refusal.NotFound(RefusalCode.SecurityGroupNotFound, "security group", group);

    public static Outcome<IReadOnlyList<SecurityGroupId>> Resolve(SecurityGroupsState state, IReadOnlyList<string> names)
    {
        string[] wanted = names.Count == 0 ? [Default] : [.. names.Distinct()];
        return wanted.FirstOrDefault(n => state.Find(n) is null) is { } missing
            ? new Refusal(
                RefusalCode.SecurityGroupNotFound, $"Project '{state.Project}' has no security group '{missing}'.", missing,
                "security_groups")
            : Outcome.Of<IReadOnlyList<SecurityGroupId>>([.. wanted.Select(n => state.Find(n)!.Id)]);
    }

    public static Refusal? Create(SecurityGroupsState state, string name, long limit) =>
        NameTaken(state, name, null) ?? Quota.Exceeded(state.Project, QuotaKind.SecurityGroups, limit, state.Groups.Count);

    public static Outcome<SecurityGroupView> Rename(
        SecurityGroupsState state, SecurityGroupId group, string? name, string? description)
    {
        if (!Known(state, group).Try(out SecurityGroupView? found, out Refusal? refusal))
        {
            return refusal;
        }

        if (found.Name == Default && name is not null && name != Default)
        {
            return new Refusal(
                RefusalCode.RequestedStateInvalid, $"Group '{Default}' keeps its name: who names no group is in it.", $"{group}", "name");
        }

        return NameTaken(state, name ?? found.Name, group) is { } taken
            ? taken : found with { Name = name ?? found.Name, Description = description ?? found.Description };
    }

    /// <summary>Rules of its own that name it do not keep a group.</summary>
    public static Refusal? Delete(SecurityGroupsState state, SecurityGroupView group, long instances) =>
        group.Name == Default
            ? new Refusal(
                RefusalCode.RequestedStateInvalid, $"Group '{Default}' stays: who names no group is in it.", $"{group.Id}")
            : InUse(group, instances, state.Groups.Where(g => g.Id != group.Id));

    /// <summary>Of all groups at once: rules between those that go keep none of them.</summary>
    public static Refusal? Scrub(SecurityGroupsState state, IReadOnlyDictionary<SecurityGroupId, long> instances) => state.Groups
        .Select(g => InUse(g, instances.GetValueOrDefault(g.Id), [])).FirstOrDefault(r => r is not null);

    /// <summary>The rule as it is kept: a prefix without host bits, −1 where a protocol has no ports.</summary>
    public static Outcome<SecurityRule> AddRule(SecurityGroupsState state, AddSecurityRule command, SecurityRuleId id, long limit)
    {
        if (!Known(state, command.Group).Try(out SecurityGroupView? group, out Refusal? refusal)
            || !Read(state, command, id).Try(out SecurityRule? rule, out refusal))
        {
            return refusal;
        }

        if (group.Rules.FirstOrDefault(r => r with { Id = id, RowId = 0 } == rule) is { } same)
        {
            return new Refusal(
                RefusalCode.Conflict, $"Group '{group.Name}' has this rule already: {same.Id}.", same.Id.ToString());
        }

        return Quota.Exceeded(state.Project, QuotaKind.SecurityGroupRules, limit, group.Rules.Count) is { } exceeded ? exceeded : rule;
    }

    private static Outcome<SecurityRule> Read(SecurityGroupsState state, AddSecurityRule command, SecurityRuleId id)
    {
        if (Ports(command) is { } wrong)
        {
            return wrong;
        }

        if ((command.Cidr is null) == (command.SourceGroup is null))
        {
            return new Refusal(
                RefusalCode.MalformedRequest, "A rule has one source: give 'cidr' or 'group_id', and not both.", Field: "cidr");
        }

        if (command.SourceGroup is { } source && state.Find(source) is null)
        {
            return new Refusal(
                RefusalCode.SecurityGroupNotFound,
                $"Field 'group_id' was '{source}'; accepted is a security group of project '{state.Project}'.", $"{source}", "group_id");
        }

        if (command.Cidr is { } text && Prefix(text) is null)
        {
            return new Refusal(
                RefusalCode.MalformedRequest,
                $"Field 'cidr' was '{text}'; accepted is an IPv4 or IPv6 prefix, as in 10.0.0.0/8 or fd00::/8.", Field: "cidr");
        }

        bool none = command.Protocol == RuleProtocol.Any;
        return new SecurityRule(
            id, command.Protocol, none ? -1 : command.FromPort, none ? -1 : command.ToPort,
            command.Cidr is { } given ? Prefix(given) : null, command.SourceGroup);
    }

    private static Refusal? Ports(AddSecurityRule command)
    {
        (int from, int to) = (command.FromPort, command.ToPort);
        (bool good, string accepts) = command.Protocol switch
        {
            RuleProtocol.Any => (from == -1 && to == -1, "-1 and -1, since a rule of any protocol has no ports"),
            RuleProtocol.Icmp => (from is >= -1 and <= 255 && to is >= -1 and <= 255 && (from >= 0 || to == -1), IcmpAccepts),
            _ => (from >= 0 && from <= to && to <= 65535, PortsAccept),
        };
        return good ? null : new Refusal(
            RefusalCode.MalformedRequest, $"Fields 'from_port' and 'to_port' were {from} and {to}; accepted are {accepts}.",
            Field: "from_port");
    }

    /// <summary>Host bits are nobody's source: they go. Null where the text is no prefix.</summary>
    private static string? Prefix(string text) => Cidr4.WithoutHostBits(text) ?? (Cidr6.TryParse(text, out Cidr6 six) ? $"{six}" : null);

    private static Refusal? NameTaken(SecurityGroupsState state, string name, SecurityGroupId? but) =>
        state.Find(name) is { } other && other.Id != but
            ? new Refusal(
                RefusalCode.Conflict, $"Project '{state.Project}' has a security group '{name}' already: {other.Id}.",
                $"{other.Id}", "name")
            : null;

    private static Refusal? InUse(SecurityGroupView group, long instances, IEnumerable<SecurityGroupView> others)
    {
        string[] naming = [.. others.Where(g => g.Rules.Any(r => r.SourceGroup == group.Id)).Select(g => $"'{g.Name}'")];
        string? why = instances > 0
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{instances} instances are in group '{group.Name}'")
            : naming.Length > 0 ? $"Rules of {string.Join(", ", naming)} name group '{group.Name}' as their source" : null;
        return why is null ? null : new Refusal(RefusalCode.SecurityGroupInUse, $"{why}; take them out of it first.", $"{group.Id}");
    }
}
