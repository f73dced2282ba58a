using NovaOrleans.Seed;

namespace NovaOrleans.Architecture;

/// <summary>What the project says of its seed is what its tests say.</summary>
public class SeedTests
{
    private static readonly Trace Trace = Trace.Of(Tree.Root);

    [Fact]
    [Trait("seed", "S143")]
    public void Every_row_is_shown_or_says_why_not() => Law.Holds(
        "each row of docs/seed/rows.txt is shown by a test or has a reason, and each seed trait names a row",
        "a demand that nobody shows and nobody denies is forgotten; a trait of no row shows nothing",
        Trace.Rows.Count,
        Trace.Faults);

    [Fact]
    public void The_page_is_made_from_the_rows_and_the_traits() => Law.Holds(
        "docs/seed.md is what ./nova test --seed --write makes of docs/seed/rows.txt and the tests",
        "written by hand it would say what somebody hoped",
        Trace.Rows.Count,
        Page.Of(Trace).Split('\n').Except(Tree.Exists("docs/seed.md") ? Tree.Read("docs/seed.md").Split('\n') : [])
            .Select(line => $"not in docs/seed.md: {line}"));
}
