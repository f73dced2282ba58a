namespace NovaOrleans.Architecture;

/// <summary>
/// A rule with its reason, so that a failure explains itself. A rule that looked at nothing fails too: its target was
/// renamed, and it would hold for ever without meaning anything.
/// </summary>
internal static class Law
{
    public static void Holds(string rule, string because, int lookedAt, IEnumerable<string> violations)
    {
        Assert.True(lookedAt > 0, $"{rule}: nothing was looked at. What the rule is about has moved; move the rule with it.");
        string[] found = [.. violations.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(found.Length == 0, $"{rule}, because {because}. Against it:\n  {string.Join("\n  ", found)}\n");
    }
}
