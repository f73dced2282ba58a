using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Hosts;

/// <summary>Which host takes an instance.</summary>
public class SchedulerRulesTests
{
    private static readonly ServicePath Flat = ServicePath.Parse("test.net.flat");
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_live_host_with_the_fewest_VNICs_promised_ones_included_is_chosen_and_of_equals_the_first_by_name()
    {
        Assert.Equal("b", Choose(State(Host("a", vnics: 3), Host("b", vnics: 2), Host("c", vnics: 2))).Value.Value);
        SchedulerState promised = State(Host("a", vnics: 3), Host("b", vnics: 2));
        promised.Hosts[HostName.Parse("b")] = promised.Hosts[HostName.Parse("b")] with { Reserved = 2 };
        Assert.Equal("a", Choose(promised).Value.Value);
    }

    [Fact]
    public void The_host_that_was_asked_for_is_chosen_though_it_is_full()
    {
        Assert.Equal("a", Choose(State(Host("a", vnics: 99), Host("b")), "a").Value.Value);
    }

    [Theory]
    [InlineData("lost", "Host lost is lost; live are: able, lacking.")]
    [InlineData("fenced", "Host fenced is fenced; live are: able, lacking.")]
    [InlineData("lacking", "Host lacking has no network service test.net.flat.")]
    [InlineData("nobody", "Host nobody is not known; live are: able, lacking.")]
    public void A_host_that_cannot_is_refused_with_the_reason(string wanted, string reason)
    {
        SchedulerState state = State(
            Host("able"), Host("lost", seen: -15), Host("fenced", status: HostStatus.Fenced), Host("lacking", service: "test.net.vlan"));
        Refusal refusal = Choose(state, wanted).Refusal!;
        Assert.Equal((RefusalCode.NoHostAvailable, wanted, "host"), (refusal.Code, refusal.Subject, refusal.Field));
        Assert.Equal(reason, refusal.Reason);
    }

    [Fact]
    public void Without_one_that_can_the_refusal_says_whether_any_is_live()
    {
        Assert.Equal("No compute host is live: start an agent.", Choose(State(Host("a", seen: -15))).Refusal!.Reason);
        Assert.Equal(
            "None of the 1 live hosts has network service test.net.flat.",
            Choose(State(Host("a", service: "test.net.vlan"))).Refusal!.Reason);
    }

    [Fact]
    public void Whoever_might_take_it_and_was_not_heard_of_is_waited_for()
    {
        HostView silent = Host("silent", status: HostStatus.Lost);
        HostView[] known = [Host("able"), Host("fenced", status: HostStatus.Fenced), Host("drained") with { Drained = true }, silent];
        Assert.Equal(silent.Name, SchedulerRules.Unheard(State(Host("able")), known, null));
        Assert.Equal(silent.Name, SchedulerRules.Unheard(State(Host("able")), known, silent.Name));
        foreach (string wanted in new[] { "able", "fenced", "drained", "nobody" })
        {
            Assert.Null(SchedulerRules.Unheard(State(Host("able")), known, HostName.Parse(wanted)));
        }

        Assert.Null(SchedulerRules.Unheard(State(Host("able"), silent), known, null));
    }

    private static Outcome<HostName> Choose(SchedulerState state, string? wanted = null) =>
        SchedulerRules.Choose(state, Flat, wanted is null ? null : HostName.Parse(wanted), Now);

    private static SchedulerState State(params HostView[] hosts)
    {
        var state = new SchedulerState();
        foreach (HostView host in hosts)
        {
            state.Hosts[host.Name] = new SchedulerState.Heard(host, 0);
        }

        return state;
    }

    private static HostView Host(
        string name, int vnics = 0, double seen = -1, HostStatus status = HostStatus.Live, string service = "test.net.flat") => new(
        HostName.Parse(name), status, 1, 0, 0, vnics, 0, Now.AddSeconds(seen),
        new HostHello("1", "none", new Dictionary<string, string> { [service] = "1" }));
}
