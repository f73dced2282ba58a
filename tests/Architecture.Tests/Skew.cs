namespace NovaOrleans.Architecture;

/// <summary>
/// What a new version must not do to the one before it, while silos, facades and agents of both run side by side. Both are texts as
/// <see cref="Manifest"/> writes them: what was there must be there still, with its types; what is new is allowed. Names of members
/// are nothing on the wire.
/// </summary>
internal static class Skew
{
    /// <summary>A line each of what the new version broke.</summary>
    public static IReadOnlyList<string> Breaks(string before, string now)
    {
        HashSet<string> there = [.. Promises(now).Select(p => p.Promise)];
        return [.. Promises(before).Where(p => !there.Contains(p.Promise)).Select(p => p.Line)];
    }

    /// <summary>Every line with the heading that it stands under, without names that the wire does not know.</summary>
    private static IEnumerable<(string Promise, string Line)> Promises(string text)
    {
        string heading = "";
        foreach (string line in text.Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line[0] != ' ')
            {
                heading = line;
                yield return (heading, line);
                continue;
            }

            string member = line.Trim();
            yield return (
                $"{heading}: {(heading.StartsWith("interface ", StringComparison.Ordinal) ? member : member[..member.LastIndexOf(' ')])}",
                $"{heading}: {member}");
        }
    }
}
