using BenchmarkDotNet.Attributes;
using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.SecurityGroups;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.InnerBenchmarks;

/// <summary>One rule more for the last of a project's groups, each of which has twenty.</summary>
public class GroupRules
{
    private const int RulesOfGroup = 20;

    private SecurityGroupsState _state = null!;
    private AddSecurityRule _command = null!;

    [Params(1, 10)]
    public int Groups { get; set; }

    [GlobalSetup]
    public void Make()
    {
        ProjectId project = ProjectId.Parse("demo");
        SecurityGroupView[] groups = [.. Enumerable.Range(0, Groups).Select(g => new SecurityGroupView(
            g, SecurityGroupId.New(), project, $"group{g}", "", [.. Enumerable.Range(1, RulesOfGroup).Select(Rule)]))];
        _state = new SecurityGroupsState(project, groups);
        _command = new AddSecurityRule(groups[^1].Id, RuleProtocol.Tcp, 8080, 8080, "10.1.2.0/24", null);
    }

    [Benchmark(Description = "group rule decided")]
    public Outcome<SecurityRule> Add() =>
        SecurityGroupsRules.AddRule(_state, _command, _command.Id, limit: 100);

    private static SecurityRule Rule(int n) =>
        new(SecurityRuleId.New(), RuleProtocol.Tcp, n, n, "10.0.0.0/8", null) { RowId = n };
}
