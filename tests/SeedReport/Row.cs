using System.Text.RegularExpressions;

namespace NovaOrleans.Seed;

/// <summary>Why a row is not, or not wholly, shown by tests.</summary>
public enum Lack
{
    /// <summary>Nothing is lacking.</summary>
    None,

    /// <summary>Tests show some of it; the reason names the rest.</summary>
    Partly,

    /// <summary>To be done.</summary>
    NotYet,

    /// <summary>Decided against.</summary>
    NotDone,
}

/// <summary>
/// One demand of the seed: what it says, what "works" means here, and what is lacking, with the reason. Where other
/// rows say the same, they are shown, and this one with them.
/// </summary>
public sealed partial record Row(
    string Id, string Section, string Says, string Works, IReadOnlyList<string> Same, Lack Lack, string? Reason)
{
    private static readonly Dictionary<string, Lack> s_lacks = new()
    {
        ["partly"] = Lack.Partly,
        ["not yet"] = Lack.NotYet,
        ["not done"] = Lack.NotDone,
    };

    /// <summary>The rows of `docs/seed/rows.txt`; its head says how it is written.</summary>
    /// <exception cref="FormatException">A line is none of the kinds, or a row is there twice; the line is named.</exception>
    public static IReadOnlyList<Row> Read(string text)
    {
        var rows = new List<Row>();
        string section = "";
        foreach ((string line, int number) in text.Split('\n').Select((l, i) => (l.TrimEnd(), i + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                section = line[3..];
            }
            else if (Head().Match(line) is { Success: true } head && rows.All(r => r.Id != head.Groups[1].Value))
            {
                rows.Add(new Row(head.Groups[1].Value, section, head.Groups[2].Value, "", [], Lack.None, null));
            }
            else if (Body().Match(line) is { Success: true } body && rows.Count > 0)
            {
                rows[^1] = rows[^1].With(body.Groups[1].Value, body.Groups[2].Value);
            }
            else
            {
                throw new FormatException($"line {number} is no section, no new row and nothing of a row: {line}");
            }
        }

        return rows;
    }

    private Row With(string word, string text) => word switch
    {
        "works" => this with { Works = text },
        "same as" => this with { Same = text.Split(' ') },
        _ => this with { Lack = s_lacks[word], Reason = text },
    };

    [GeneratedRegex(@"^([SRD][0-9]+) +(\S.*)$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^ +(works|same as|partly|not yet|not done): (\S.*)$")]
    private static partial Regex Body();
}
