using NovaOrleans.Api.Routes;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.SecurityGroups;

/// <summary>nova's os-security-group-rules: what a group lets in.</summary>
internal sealed class SecurityGroupRuleRoutes(SecurityGroupDirectory directory) : ICoreRoutes
{
    private const string Collection = "/v1.1/os-security-group-rules";
    private const string IdAccepts = "a security group's number or UUID";
    private const string ProtocolAccepts = "tcp, udp, icmp or any; leaving it out is any";
    private const string Everyone = "0.0.0.0/0";
    private const string Example =
        """
        {"security_group_rule": {"parent_group_id": 2, "ip_protocol": "tcp", "from_port": 80, "to_port": 80, "cidr": "0.0.0.0/0"}}
        """;

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Post, Collection, Access.Member, Create, new("Let something in, from a prefix or from a group's members", Example)),
        new(HttpMethod.Delete, $"{Collection}/{{id}}", Access.Member, Delete, new("Take a rule back, and cut what only it let in")),
    ];

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("security_group_rule");
        body.Require("parent_group_id", IdAccepts);
        string? parent = body.Text("parent_group_id", SecurityGroupDirectory.IsId, IdAccepts);
        RuleProtocol protocol = ProtocolOf(body);
        int? from = body.Integer("from_port", -1, 65535), to = body.Integer("to_port", -1, 65535);
        string? source = body.Text("group_id", SecurityGroupDirectory.IsId, IdAccepts);
        string? cidr = body.Text("cidr", c => c is not null, "an IPv4 or IPv6 prefix");
        if (body.Faulty(out Refusal? refusal)
            || !(await directory.List(request)).Try(out IReadOnlyList<SecurityGroupView>? groups, out refusal)
            || !SecurityGroupDirectory.Find(groups, parent!).Try(out SecurityGroupView? group, out refusal))
        {
            return refusal;
        }

        SecurityGroupView? peers = null;
        if (source is not null && !SecurityGroupDirectory.Find(groups, source).Try(out peers, out refusal))
        {
            return refusal;
        }

        // A rule that names no source lets everybody in, as in nova.
        AddSecurityRule command = new(
            group.Id, protocol, from ?? -1, to ?? from ?? -1, cidr ?? (peers is null ? Everyone : null), peers?.Id)
        {
            Actor = request.Actor,
        };
        return (await directory.Of(request).AddRule(command)).Try(out SecurityRule? rule, out refusal)
            ? ApiAnswer.Ok(w =>
            {
                w.BeginRoot("security_group_rule");
                SecurityGroupResource.WriteRule(w, rule, group, groups);
                w.EndRoot();
            })
            : refusal;
    }

    private async Task<ApiAnswer> Delete(ApiRequest request)
    {
        if (!(await directory.List(request)).Try(out IReadOnlyList<SecurityGroupView>? groups, out Refusal? refusal))
        {
            return refusal;
        }

        string called = request.Route("id");
        if (SecurityGroupDirectory.FindRule(groups, called) is not { } rule)
        {
            return Refusal.NotFound(RefusalCode.SecurityRuleNotFound, "security group rule", BodyText.Shown(called));
        }

        return (await directory.Of(request).RemoveRule(rule.Id, request.Actor)).Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }

    private static RuleProtocol ProtocolOf(BodyReader body) =>
        body.Text("ip_protocol", p => Known(p) is not null, ProtocolAccepts) is { } given ? Known(given)!.Value : RuleProtocol.Any;

    private static RuleProtocol? Known(string? word) => word?.ToUpperInvariant() switch
    {
        "TCP" => RuleProtocol.Tcp,
        "UDP" => RuleProtocol.Udp,
        "ICMP" => RuleProtocol.Icmp,
        "ANY" or "-1" => RuleProtocol.Any,
        _ => null,
    };
}
