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

    private static (ServicePath?, ServicePath) Services(ProjectState state, ServicePath? set)
    {
        ProjectView view = ProjectRules.Known(state, Blue, set, Flat).Value;
        return (view.Service, view.Effective);
    }
}
