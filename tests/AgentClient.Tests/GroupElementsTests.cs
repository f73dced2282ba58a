using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.NetworkServices;
using static NovaOrleans.AgentTests.Sketch;

namespace NovaOrleans.AgentTests;

/// <summary>Rules and members as elements of sets that take no overlap.</summary>
public sealed class GroupElementsTests
{
    [Theory]
    [InlineData("tcp 22 0.0.0.0/0", "6 . 22 . 0.0.0.0/0")]
    [InlineData("tcp 22 0.0.0.0/0; tcp 22 10.0.0.0/8", "6 . 22 . 0.0.0.0/0")]
    [InlineData("tcp 20-30 10.0.0.0/8; tcp 25 10.0.0.0/8; tcp 31-40 10.0.0.0/8", "6 . 20-40 . 10.0.0.0/8")]
    [InlineData("tcp 20-30 10.0.0.0/8; tcp 25 0.0.0.0/0", "6 . 20-24 . 10.0.0.0/8; 6 . 25 . 0.0.0.0/0; 6 . 26-30 . 10.0.0.0/8")]
    [InlineData("tcp 80 192.0.2.1/32; udp 80 192.0.2.1/32", "17 . 80 . 192.0.2.1; 6 . 80 . 192.0.2.1")]
    [InlineData("icmp -1..-1 10.0.0.0/8", "0-255 . 0-255 . 10.0.0.0/8")]
    [InlineData("icmp 8..-1 10.0.0.0/8; icmp 3..4 10.0.0.0/8", "3 . 4 . 10.0.0.0/8; 8 . 0-255 . 10.0.0.0/8")]
    [InlineData(
        "icmp -1..-1 10.0.0.0/8; icmp 8..0 0.0.0.0/0",
        "0-7 . 0-255 . 10.0.0.0/8; 8 . 0 . 0.0.0.0/0; 8 . 1-255 . 10.0.0.0/8; 9-255 . 0-255 . 10.0.0.0/8")]
    [InlineData("any 10.0.0.0/8; any 10.1.0.0/16; any 192.0.2.1/32", "10.0.0.0/8; 192.0.2.1")]
    public void Rules_that_overlap_become_elements_that_do_not(string rules, string elements)
    {
        DesiredHost desired = Of(Sketch().With(1, [1]).InGroups(1, 7).WithRules(7, [.. rules.Split("; ").Select(Read)]));
        Assert.Equal(
            elements.Split("; ").Order(StringComparer.Ordinal),
            Elements(desired).Where(e => e.Set is "ports4" or "icmp4" or "open4")
                .Select(e => e.Value[(e.Value.IndexOf(" . ", StringComparison.Ordinal) + 3)..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ports_with_the_same_groups_share_their_rules()
    {
        Sketch sketch = Sketch().With(1, [1, 2, 3]).WithRules(7, Tcp(80)).WithRules(8, Tcp(443));
        DesiredHost desired = Of(sketch.InGroups(1, 7, 8).InGroups(2, 8, 7).InGroups(3, 7));
        Assert.Equal(3, Elements(desired).Count(e => e.Set == "ports4"));
        string[] profiles = [.. Elements(desired).Where(e => e.Set == "port_profiles").Select(e => e.Value.Split(" . ")[1])];
        Assert.Equal((3, 2), (profiles.Length, profiles.Distinct().Count()));
    }

    [Fact]
    public void A_member_more_is_one_element_however_many_ports_let_it_in()
    {
        Sketch Many(params string[] members) => Enumerable.Range(1, 40).Aggregate(
            Sketch().With(1, [.. Enumerable.Range(1, 40)]).WithRules(7, Rule(RuleProtocol.Any, -1, -1, null, 7)).WithMembers(7, members),
            (s, guest) => s.InGroups(guest, 7));
        NftElement[] before = [.. Elements(Of(Many("10.1.0.11")))], after = [.. Elements(Of(Many("10.1.0.11", "10.1.0.99")))];
        Assert.Empty(before.Except(after));
        Assert.Equal("members4", Assert.Single(after.Except(before)).Set);
    }

    [Fact]
    public void Sources_of_one_port_are_one_combination_of_groups()
    {
        DesiredHost desired = Of(Sketch().With(1, [1]).InGroups(1, 7)
            .WithRules(7, Rule(RuleProtocol.Tcp, 1, 10, null, 8), Rule(RuleProtocol.Tcp, 5, 15, null, 9))
            .WithMembers(8, "10.1.0.1").WithMembers(9, "10.1.0.2"));
        string[] Keys(string set) => [.. Elements(desired).Where(e => e.Set == set).Select(e => e.Value)];
        Assert.Equal(["1-4", "11-15", "5-10"], Keys("peers_ports").Select(k => k.Split(" : ")[0].Split(" . ")[2]).Order(StringComparer.Ordinal));
        // Members of 8, of 9, and of both together.
        Assert.Equal(4, Keys("members4").Length);
    }

    [Fact]
    public void A_group_that_nobody_told_of_lets_nothing_in()
    {
        DesiredHost desired = Of(Sketch().With(1, [1]).InGroups(1, 7));
        Assert.Equal(
            ["bridge grouped", "bridge port_profiles", "inet profiles4", "inet profiles6"],
            Elements(desired).Where(e => e.Set is "grouped" or "port_profiles" or "profiles4" or "profiles6" or "ports4" or "open4")
                .Select(e => $"{e.Family} {e.Set}").Distinct());
    }

    [Fact]
    public void Numbers_that_meet_are_told_apart_and_stay_the_same()
    {
        string[] texts = [.. Enumerable.Range(1, 50).Select(i => $"br{i}")];
        var few = GroupNumbers.Of(texts, highest: 60);
        Assert.Equal(50, few.Values.Distinct().Count());
        Assert.All(few.Values, n => Assert.InRange(n, 1u, 59u));
        Assert.Equal(few, GroupNumbers.Of(texts.Reverse(), highest: 60));
    }

    private static Sketch Sketch() => new(_ => OpenedByHypervisor.Instance);

    private static DesiredHost Of(Sketch sketch) => sketch.Build();

    private static IEnumerable<NftElement> Elements(DesiredHost desired) => FirewallElements.Of(desired, _ => true);

    private static SecurityRule Read(string text)
    {
        string[] words = text.Split(' ');
        if (words[0] == "any")
        {
            return Rule(RuleProtocol.Any, -1, -1, words[1], null);
        }

        int[] ends = [.. words[1].Split(words[0] == "icmp" ? ".." : "-")
            .Select(w => int.Parse(w, System.Globalization.CultureInfo.InvariantCulture))];
        return Rule(Enum.Parse<RuleProtocol>(words[0], ignoreCase: true), ends[0], ends[^1], words[2], null);
    }
}
