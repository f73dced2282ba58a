using Microsoft.AspNetCore.Http;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.Ec2;

/// <summary>The ways in which EC2's clients name the rules of a group.</summary>
public sealed class PermissionTests
{
    private static readonly ProjectId Blue = ProjectId.Parse("blue");
    private static readonly SecurityGroupView Web = new(7, SecurityGroupId.New(), Blue, "web", "", []);
    private static readonly SecurityGroupView Db = new(8, SecurityGroupId.New(), Blue, "db", "", []);

    [Fact]
    public void A_permission_is_a_rule_for_each_of_its_sources()
    {
        IReadOnlyList<AddSecurityRule> rules = Read(
            ("IpPermissions.1.IpProtocol", "tcp"), ("IpPermissions.1.FromPort", "80"), ("IpPermissions.1.ToPort", "90"),
            ("IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8"), ("IpPermissions.1.Ipv6Ranges.1.CidrIpv6", "2001:DB8::/32"),
            ("IpPermissions.1.Groups.1.GroupId", "sg-00000008"), ("IpPermissions.1.Groups.1.UserId", "blue"));

        Assert.Equal(
            [
                new AddSecurityRule(Web.Id, RuleProtocol.Tcp, 80, 90, "10.0.0.0/8", null) { Actor = "blue", Id = default },
                new AddSecurityRule(Web.Id, RuleProtocol.Tcp, 80, 90, "2001:db8::/32", null) { Actor = "blue", Id = default },
                new AddSecurityRule(Web.Id, RuleProtocol.Tcp, 80, 90, null, Db.Id) { Actor = "blue", Id = default },
            ],
            rules);
    }

    [Fact]
    public void The_older_parameters_are_one_rule() => Assert.Equal(
        [new AddSecurityRule(Web.Id, RuleProtocol.Icmp, -1, -1, "0.0.0.0/0", null) { Actor = "blue", Id = default }],
        Read(("IpProtocol", "1"), ("FromPort", "-1"), ("ToPort", "-1"), ("CidrIp", "0.0.0.0/0")));

    [Fact]
    public void Any_protocol_has_no_ports() => Assert.Equal(
        [new AddSecurityRule(Web.Id, RuleProtocol.Any, -1, -1, null, Db.Id) { Actor = "blue", Id = default }],
        Read(("IpPermissions.3.IpProtocol", "-1"), ("IpPermissions.3.Groups.1.GroupName", "db")));

    [Theory]
    [InlineData("InvalidParameterValue", "IpProtocol", "sctp")]
    [InlineData("InvalidParameterValue", "CidrIp", "10.0.0.1/8")]
    [InlineData("InvalidParameterValue", "FromPort", "65536")]
    [InlineData("InvalidParameterValue", "FromPort", "99")]
    [InlineData("UnknownParameter", "SourcePort", "1")]
    public void What_is_no_rule_is_told(string code, string name, string value)
    {
        Dictionary<string, string> given = new()
        {
            ["IpProtocol"] = "tcp",
            ["FromPort"] = "80",
            ["ToPort"] = "80",
            ["CidrIp"] = "10.0.0.0/8",
            [name] = value,
        };
        Ec2Parameters parameters = new(given);
        PermissionReader.Read(new Ec2Call(new DefaultHttpContext(), Blue, parameters), Web.Id, [Web, Db]);
        Assert.Equal(code, parameters.Faults()?.Code);
    }

    [Fact]
    public void A_group_of_nobody_is_no_source()
    {
        Ec2Parameters parameters = new(new Dictionary<string, string>
        {
            ["IpPermissions.1.IpProtocol"] = "-1",
            ["IpPermissions.1.Groups.1.GroupName"] = "nobody",
        });
        PermissionReader.Read(new Ec2Call(new DefaultHttpContext(), Blue, parameters), Web.Id, [Web, Db]);
        Assert.Equal("InvalidGroup.NotFound", parameters.Faults()?.Code);
    }

    private static IReadOnlyList<AddSecurityRule> Read(params (string Name, string Value)[] given)
    {
        Ec2Parameters parameters = new(given.Select(g => KeyValuePair.Create(g.Name, g.Value)));
        IReadOnlyList<AddSecurityRule> rules =
            PermissionReader.Read(new Ec2Call(new DefaultHttpContext(), Blue, parameters), Web.Id, [Web, Db]);
        Assert.Null(parameters.Faults());
        // Each has an id of its own, by which its repeat is known.
        Assert.Equal(rules.Count, rules.Select(r => r.Id).Where(i => i != default).Distinct().Count());
        return [.. rules.Select(r => r with { Id = default })];
    }
}
