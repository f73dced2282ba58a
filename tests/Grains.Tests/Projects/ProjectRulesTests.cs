using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Projects;

/// <summary>Which network service a project uses.</summary>
public class ProjectRulesTests
{
    private static readonly ProjectId Blue = ProjectId.Parse("blue");
    private static readonly ServicePath Flat = ServicePath.Parse("test.net.flat"), Vlan = ServicePath.Parse("test.net.vlan");

    [Fact]
    public void A_project_that_was_never_made_is_refused_with_how_to_make_it()
    {
        Refusal refusal = ProjectRules.Known(new ProjectState(), Blue, null, Flat).Refusal!;
        Assert.Equal((RefusalCode.ProjectNotFound, "blue"), (refusal.Code, refusal.Subject));
        Assert.Contains("nova-manage project create blue", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("seed", "S45")]
    public void The_effective_service_is_the_one_set_or_the_default()
    {
        var state = new ProjectState { CreatedAt = default(DateTimeOffset) };
        Assert.Equal(((ServicePath?)null, Flat), Services(state, null));
        Assert.Equal(((ServicePath?)Vlan, Vlan), Services(state, Vlan));
    }

    [Theory]
    [InlineData(0, false, "test.net.vlan", true)]
    [InlineData(2, true, "test.net.vlan", true)]
    [InlineData(2, false, "test.net.flat", true)]
    [InlineData(2, false, "test.net.vlan", false)]
    public void A_change_that_leaves_attached_VNICs_behind_must_be_meant(long attached, bool force, string service, bool may)
    {
        var project = new ProjectView(Blue, null, null, Flat, default);
        Outcome outcome = ProjectRules.MayChange(project, ServicePath.Parse(service), attached, force);
        Assert.Equal(may, !outcome.Refused);
        Assert.Equal(may ? null : RefusalCode.Conflict, outcome.Refusal?.Code);
    }

    [Fact]
    public void A_project_that_has_something_is_not_deleted_and_what_it_has_is_said()
    {
        Refusal refusal = ProjectRules.MayDelete(Blue, [("instances", 0), ("networks", 2), ("VNICs", 1)]).Refusal!;
        Assert.Equal((RefusalCode.Conflict, "blue"), (refusal.Code, refusal.Subject));
        Assert.StartsWith("Project 'blue' has 2 networks, 1 VNICs; ", refusal.Reason, StringComparison.Ordinal);
        Assert.False(ProjectRules.MayDelete(Blue, [("instances", 0)]).Refused);
    }

    [Theory]
    [InlineData(-1, 1_000_000, 1, false)]
    [InlineData(3, 2, 1, false)]
    [InlineData(3, 3, 1, true)]
    [InlineData(3, 1, 3, true)]
    [InlineData(0, 0, 1, true)]
    public void A_quota_holds_what_there_would_be_against_the_limit(long limit, long used, long more, bool refused)
    {
        Refusal? refusal = Quota.Exceeded(Blue, QuotaKind.Networks, limit, used, more);
        Assert.Equal(refused ? RefusalCode.QuotaExceeded : null, refusal?.Code);
    }

    [Fact]
    public void A_limit_of_the_projects_own_goes_before_the_configured_default_and_that_before_novas()
    {
        var defaults = new QuotaDefaults { Set = new Dictionary<QuotaKind, long> { [QuotaKind.FixedIps] = 7, [QuotaKind.Networks] = 7 } };
        ProjectQuotas quotas = ProjectRules.Quotas(Blue, new Dictionary<QuotaKind, long> { [QuotaKind.FixedIps] = -1 }, defaults);
        Assert.Equal((-1L, 7L, 10L), (quotas.Of(QuotaKind.FixedIps), quotas.Of(QuotaKind.Networks), quotas.Of(QuotaKind.FloatingIps)));
    }

    private static (ServicePath?, ServicePath) Services(ProjectState state, ServicePath? set)
    {
        ProjectView view = ProjectRules.Known(state, Blue, set, Flat).Value;
        return (view.Service, view.Effective);
    }
}
