using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.SecurityGroups;

/// <summary>
/// Groups and rules as nova's os-security-groups shows them: numbered by their rows, with the UUID beside. What a rule has not
/// is null.
/// </summary>
internal static class SecurityGroupResource
{
    public static void WriteFields(ResourceWriter w, SecurityGroupView group, IReadOnlyList<SecurityGroupView> project)
    {
        w.Field("id", group.RowId);
        w.Field("uuid", group.Id.Value);
        w.Field("name", group.Name);
        w.Field("description", group.Description);
        w.Field("tenant_id", group.Project.Value);
        w.BeginList("rules", "rule");
        foreach (SecurityRule rule in group.Rules)
        {
            w.BeginItem();
            WriteRule(w, rule, group, project);
            w.EndItem();
        }

        w.EndList();
    }

    public static void WriteRule(
        ResourceWriter w, SecurityRule rule, SecurityGroupView group, IReadOnlyList<SecurityGroupView> project)
    {
        bool any = rule.Protocol == RuleProtocol.Any;
        w.Field("id", rule.RowId);
        w.Field("uuid", rule.Id.Value);
        w.Field("parent_group_id", group.RowId);
        w.Field("ip_protocol", NameOf(rule.Protocol));
        w.Field("from_port", any ? null : rule.FromPort);
        w.Field("to_port", any ? null : rule.ToPort);
        w.BeginObject("group");
        if (project.FirstOrDefault(g => g.Id == rule.SourceGroup) is { } source)
        {
            w.Field("name", source.Name);
            w.Field("tenant_id", source.Project.Value);
        }

        w.EndObject();
        w.BeginObject("ip_range");
        if (rule.Cidr is { } cidr)
        {
            w.Field("cidr", cidr);
        }

        w.EndObject();
    }

    /// <summary>Null is any protocol.</summary>
    private static string? NameOf(RuleProtocol protocol) => protocol switch
    {
        RuleProtocol.Icmp => "icmp",
        RuleProtocol.Tcp => "tcp",
        RuleProtocol.Udp => "udp",
        _ => null,
    };
}
