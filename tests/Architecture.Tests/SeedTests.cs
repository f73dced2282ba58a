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
    public void The_page_is_made_from_the_rows_and_the_traits()
    {
        string[] made = Page.Of(Trace).Split('\n'), there = Tree.Read("docs/seed.md").Split('\n');
        Law.Holds(
            "docs/seed.md is what ./nova test --seed --write makes of docs/seed/rows.txt and the tests",
            "written by hand it would say what somebody hoped",
            Trace.Rows.Count,
            made.Except(there).Select(l => $"is not there: {l}").Concat(there.Except(made).Select(l => $"is no more: {l}")));
        Assert.Equal(made, there);
    }

    [Theory]
    [InlineData("S1  Says.\n    works: So.", "S1", "")]
    [InlineData("S1  Says.\n    works: So.", "S2", "Api.Tests's It names the row S2, which is none; S1 is shown by no test and does not say why")]
    [InlineData("S1  Says.\n    works: So.\n    not yet: Time.", "S1", "S1 is said not to be there, and tests show it")]
    [InlineData("S1  Says.\n    works: So.\nS2  Same.\n    same as: S1", "S1", "")]
    [InlineData("S1  Says.\n    works: So.\nS2  Same.\n    same as: S3", "S1",
        "S2 is the same as S3, which is no row or again the same as another; S2 is shown by no test and does not say why")]
    public void Rows_and_claims_that_contradict_each_other_are_told(string rows, string claimed, string faults) =>
        Assert.Equal(faults, string.Join("; ", new Trace(Row.Read(rows), [new Claim(claimed, "Api.Tests", "It")]).Faults));
}
