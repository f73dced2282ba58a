using System.Xml.Linq;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.Ec2;

/// <summary>A security group in EC2's words: one permission for all the rules that differ in their source only.</summary>
internal static class SecurityGroupXml
{
    public static object[] Content(SecurityGroupView group, IReadOnlyDictionary<SecurityGroupId, SecurityGroupView> known) =>
    [
        new XElement("ownerId", group.Project.Value),
        new XElement("groupId", Ec2Groups.IdOf(group)),
        new XElement("groupName", group.Name),
        new XElement("groupDescription", group.Description),
        Ec2Answer.List("ipPermissions", group.Rules
            .GroupBy(r => (r.Protocol, r.FromPort, r.ToPort)).Select(rules => Permission([.. rules], known))),
    ];

    private static object Permission(SecurityRule[] rules, IReadOnlyDictionary<SecurityGroupId, SecurityGroupView> known)
    {
        SecurityRule first = rules[0];
        List<object> content = [new XElement("ipProtocol", WordOf(first.Protocol))];
        if (first.Protocol != RuleProtocol.Any)
        {
            content.Add(new XElement("fromPort", first.FromPort));
            content.Add(new XElement("toPort", first.ToPort));
        }

        content.Add(Ec2Answer.List("groups", rules.Where(r => r.SourceGroup is not null).Select(r => Source(r.SourceGroup!.Value, known))));
        content.Add(Ec2Answer.List("ipRanges", rules.Where(r => r.Cidr?.Contains(':') is false)
            .Select(r => new XElement("cidrIp", r.Cidr))));
        content.Add(Ec2Answer.List("ipv6Ranges", rules.Where(r => r.Cidr?.Contains(':') is true)
            .Select(r => new XElement("cidrIpv6", r.Cidr))));
        return content.ToArray();
    }

    private static object Source(SecurityGroupId id, IReadOnlyDictionary<SecurityGroupId, SecurityGroupView> known) =>
        known.TryGetValue(id, out SecurityGroupView? group)
            ? new object[]
            {
                new XElement("userId", group.Project.Value),
                new XElement("groupId", Ec2Groups.IdOf(group)),
                new XElement("groupName", group.Name),
            }
            : new object[] { new XElement("groupId", id.ToString()) };

    private static string WordOf(RuleProtocol protocol) => protocol switch
    {
        RuleProtocol.Tcp => "tcp",
        RuleProtocol.Udp => "udp",
        RuleProtocol.Icmp => "icmp",
        _ => "-1",
    };
}
