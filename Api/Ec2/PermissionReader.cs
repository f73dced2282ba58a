using System.Globalization;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.Ec2;

/// <summary>
/// What <c>IpPermissions.N</c>, or the older parameters of one rule, ask for: a rule for each source of each permission.
/// </summary>
internal static class PermissionReader
{
    private const string ProtocolAccepts = "tcp, udp, icmp, icmpv6, -1, or the number of one of them";

    /// <summary>What is wrong is left with the parameters.</summary>
    public static IReadOnlyList<AddSecurityRule> Read(
        Ec2Call call, SecurityGroupId group, IReadOnlyList<SecurityGroupView> known)
    {
        Ec2Parameters parameters = call.Parameters;
        var rules = new List<AddSecurityRule>();
        foreach (int number in parameters.Numbers("IpPermissions"))
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"IpPermissions.{number}.");
            (RuleProtocol protocol, int from, int to) = Ports(parameters, prefix);
            List<(string? Cidr, SecurityGroupId? Group)> sources = Sources(parameters, prefix, known);
            if (sources.Count == 0)
            {
                parameters.Reject(Ec2Fault.Missing($"{prefix}IpRanges.1.CidrIp"));
            }

            rules.AddRange(sources.Select(s => Rule(call, group, (protocol, from, to), s)));
        }

        if (parameters.Has("IpProtocol") || rules.Count == 0)
        {
            (RuleProtocol protocol, int from, int to) = Ports(parameters, "");
            (string? Cidr, SecurityGroupId? Group) source = OldSource(parameters, known);
            rules.Add(Rule(call, group, (protocol, from, to), source));
        }

        return rules;
    }

    private static AddSecurityRule Rule(
        Ec2Call call, SecurityGroupId group, (RuleProtocol Protocol, int From, int To) ports,
        (string? Cidr, SecurityGroupId? Group) source) =>
        new(group, ports.Protocol, ports.From, ports.To, source.Cidr, source.Group) { Actor = call.Actor };

    private static (RuleProtocol Protocol, int From, int To) Ports(Ec2Parameters parameters, string prefix)
    {
        string word = parameters.Required($"{prefix}IpProtocol", w => ProtocolOf(w) is not null, ProtocolAccepts);
        RuleProtocol protocol = ProtocolOf(word) ?? RuleProtocol.Any;
        bool hasPorts = protocol is RuleProtocol.Tcp or RuleProtocol.Udp;
        int most = hasPorts ? 65535 : 255;
        int? from = parameters.Integer($"{prefix}FromPort", hasPorts ? 0 : -1, most);
        int? to = parameters.Integer($"{prefix}ToPort", hasPorts ? 0 : -1, most);
        if (hasPorts && (from is null || to is null) && !parameters.Has($"{prefix}FromPort"))
        {
            parameters.Reject(Ec2Fault.Missing($"{prefix}FromPort"));
        }

        if (hasPorts && from > to)
        {
            parameters.Reject(Ec2Fault.Invalid($"{prefix}ToPort", $"{to}", $"a port from {from} on"));
        }

        return protocol == RuleProtocol.Any ? (protocol, -1, -1) : (protocol, from ?? -1, to ?? -1);
    }

    private static List<(string? Cidr, SecurityGroupId? Group)> Sources(
        Ec2Parameters parameters, string prefix, IReadOnlyList<SecurityGroupView> known)
    {
        var sources = new List<(string? Cidr, SecurityGroupId? Group)>();
        foreach ((string list, string field) in new[] { ("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6") })
        {
            foreach (int number in parameters.Numbers(prefix + list))
            {
                sources.Add((Cidr(parameters, string.Create(CultureInfo.InvariantCulture, $"{prefix}{list}.{number}.{field}")), null));
            }
        }

        foreach (int number in parameters.Numbers(prefix + "Groups"))
        {
            string pair = string.Create(CultureInfo.InvariantCulture, $"{prefix}Groups.{number}");
            string? id = parameters.Text($"{pair}.GroupId");
            sources.Add((null, Source(parameters, pair, id, parameters.Text($"{pair}.GroupName"), known)));
            OwnOnly(parameters, $"{pair}.UserId", known);
        }

        return sources;
    }

    private static (string? Cidr, SecurityGroupId? Group) OldSource(
        Ec2Parameters parameters, IReadOnlyList<SecurityGroupView> known)
    {
        const string name = "SourceSecurityGroupName";
        if (parameters.Text(name) is { } group)
        {
            OwnOnly(parameters, "SourceSecurityGroupOwnerId", known);
            return (null, Source(parameters, name, null, group, known));
        }

        return (Cidr(parameters, "CidrIp"), null);
    }

    private static SecurityGroupId? Source(
        Ec2Parameters parameters, string parameter, string? id, string? name, IReadOnlyList<SecurityGroupView> known)
    {
        SecurityGroupView? group = id is null && name is null
            ? null
            : known.FirstOrDefault(g => (id is null || Ec2Groups.IdOf(g) == id) && (name is null || g.Name == name));
        if (group is null)
        {
            parameters.Reject(id is null && name is null ? Ec2Fault.Missing($"{parameter}.GroupId") : Ec2Groups.Unknown(id ?? name!));
        }

        return group?.Id;
    }

    /// <summary>A rule names groups of its own project; a client may say so.</summary>
    private static void OwnOnly(Ec2Parameters parameters, string parameter, IReadOnlyList<SecurityGroupView> known) =>
        parameters.Optional(parameter, owner => known.Any(g => g.Project.Value == owner), "the project's own id");

    /// <summary>As the ledger writes it, so that it is found again.</summary>
    private static string Cidr(Ec2Parameters parameters, string parameter)
    {
        string text = parameters.Required(
            parameter, t => Cidr4.TryParse(t, out _) || Cidr6.TryParse(t, out _),
            "an IP prefix without host bits, as in 10.0.0.0/24 or 2001:db8::/32");
        return Cidr4.TryParse(text, out Cidr4 four) ? four.ToString()
            : Cidr6.TryParse(text, out Cidr6 six) ? six.ToString()
            : text;
    }

    private static RuleProtocol? ProtocolOf(string word) => word switch
    {
        "tcp" or "6" => RuleProtocol.Tcp,
        "udp" or "17" => RuleProtocol.Udp,
        "icmp" or "1" or "icmpv6" or "58" => RuleProtocol.Icmp,
        "-1" or "all" => RuleProtocol.Any,
        _ => null,
    };
}
