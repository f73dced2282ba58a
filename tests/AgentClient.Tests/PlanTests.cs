using NovaOrleans.Agent;

namespace NovaOrleans.AgentTests;

/// <summary>Plans as people read them. A new test is a new folder below <c>Plans</c>.</summary>
public sealed class PlanTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Plans");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Folder).Select(d => Path.GetFileName(d)).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_plan_reads_as_expected(string folder)
    {
        DesiredHost desired = HostText.Desired(Read(folder, "desired"));
        ActualHost actual = HostText.Actual(Read(folder, "actual"), desired);
        Assert.Equal(Read(folder, "plan"), Planner.Make(actual, desired).ToString());
    }

    private static string Read(string folder, string file) => File.ReadAllText(Path.Combine(Folder, folder, file + ".txt"));
}
