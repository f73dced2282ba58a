namespace NovaOrleans.Architecture;

/// <summary>
/// An upgrade replaces one process after the other, so that for a while two versions speak to each other. Their contracts are
/// compared: this one's with those of the version before, which a release puts into the file.
/// </summary>
public class SkewTests
{
    private const string Previous = "Grains.Interfaces/OrleansContracts.previous.txt";

    private const string Text =
        """
        # Grain interfaces

        interface nova.IPool
          Create(nova.Command): Task<Outcome<nova.View>>
          Describe(): Task<nova.View>

        type nova.View
          #0 Int64 RowId
          10 String Name

        enum nova.Life
          0 Open
          1 Closed
        """;

    [Fact]
    public void The_version_before_understands_this_one() => Law.Holds(
        $"what {Previous} promises is kept",
        "silos of both versions run side by side during an upgrade; a member that is new goes at the end with an id of its own, and what "
            + "nobody needs any more stays until the version after the next one",
        Tree.Read(Previous).Length,
        Skew.Breaks(Tree.Read(Previous), Manifest.Of(Manifest.Interfaces)));

    [Theory]
    [InlineData("10 String Name", "10 String Name\n  11 nova.Life? Life")]
    [InlineData("Describe(): Task<nova.View>", "Describe(): Task<nova.View>\n  Forget(): Task")]
    [InlineData("1 Closed", "1 Closed\n  2 Closing")]
    [InlineData("10 String Name", "10 String Label")]
    [InlineData("enum nova.Life", "type nova.New\n  #0 Int32 Count\n\nenum nova.Life")]
    public void What_is_added_or_renamed_breaks_nothing(string before, string now) => Assert.Empty(Skew.Breaks(Text, Changed(before, now)));

    [Theory]
    [InlineData("type nova.View", "type nova.PoolView")]
    [InlineData("interface nova.IPool", "interface nova.IAddressPool")]
    [InlineData("  Describe(): Task<nova.View>\n", "")]
    [InlineData("Create(nova.Command)", "Create(nova.Command, String)")]
    [InlineData("10 String Name", "11 String Name")]
    [InlineData("#0 Int64 RowId", "#0 Int32 RowId")]
    [InlineData("1 Closed", "2 Closed")]
    public void What_is_taken_away_or_changed_is_told(string before, string now) =>
        Assert.NotEmpty(Skew.Breaks(Text, Changed(before, now)));

    private static string Changed(string before, string now)
    {
        string text = Text.ReplaceLineEndings("\n");
        Assert.Contains(before, text, StringComparison.Ordinal);
        return text.Replace(before, now, StringComparison.Ordinal);
    }
}
