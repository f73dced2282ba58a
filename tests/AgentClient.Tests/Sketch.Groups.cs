using NovaOrleans.Agent;
using NovaOrleans.NetworkServices;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <content>Security groups, numbered too; a group without rules lets nothing in.</content>
internal sealed partial class Sketch
{
    public const string Anyone = "0.0.0.0/0";
    public const string Anyone6 = "::/0";

    private readonly Dictionary<int, SecurityGroupId[]> _groups = [];
    private readonly Dictionary<int, SecurityRule[]> _rules = [];
    private readonly Dictionary<int, string[]> _members = [];
    private string[] _blocked = [];

    public static SecurityGroupId Group(int group) => new(new Guid(group, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8));

    public static SecurityRule Tcp(int port, string cidr = Anyone) => Rule(RuleProtocol.Tcp, port, port, cidr, null);

    public static SecurityRule Rule(RuleProtocol protocol, int from, int to, string? cidr, int? source) => new(
        new SecurityRuleId(Guid.NewGuid()), protocol, from, to, cidr, source is { } group ? Group(group) : null);

    public Sketch InGroups(int guest, params int[] groups)
    {
        _groups[guest] = [.. groups.Select(Group)];
        return this;
    }

    public Sketch WithRules(int group, params SecurityRule[] rules)
    {
        _rules[group] = rules;
        return this;
    }

    public Sketch WithMembers(int group, params string[] addresses)
    {
        _members[group] = addresses;
        return this;
    }

    public Sketch Blocking(params string[] prefixes)
    {
        _blocked = prefixes;
        return this;
    }

    private DesiredHost Grouped(DesiredHost host)
    {
        foreach ((int guest, SecurityGroupId[] groups) in _groups)
        {
            if (host.Guards.TryGetValue(PortName(guest), out NetworkServices.Host.PortGuard? guard))
            {
                host = host with { Guards = host.Guards.SetItem(guard.Port, guard with { SecurityGroups = groups }) };
            }
        }

        IEnumerable<SecurityGroupFact> facts = _rules.Select(r => new SecurityGroupFact(Group(r.Key), $"group-{r.Key}", r.Value));
        IEnumerable<GroupMembersFact> members = _members.Select(m => new GroupMembersFact(Group(m.Key), m.Value));
        return host with
        {
            SecurityGroups = host.SecurityGroups.AddRange(facts.Select(f => KeyValuePair.Create(f.Key, f))),
            GroupMembers = host.GroupMembers.AddRange(members.Select(f => KeyValuePair.Create(f.Key, f))),
            Blocked = [.. _blocked],
        };
    }
}
