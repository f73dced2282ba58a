using System.Text.RegularExpressions;

namespace NovaOrleans.Agent.Host;

/// <summary>What <c>ip</c> and <c>bridge</c> say of the lines of a forced batch that failed.</summary>
internal static partial class BatchFaults
{
    /// <summary>Line number to the words before "Command failed -:N".</summary>
    public static Dictionary<int, string> Of(string error)
    {
        Dictionary<int, string> faults = [];
        List<string> words = [];
        foreach (string line in ToolResult.Lines(error))
        {
            Match failed = CommandFailed().Match(line);
            if (failed.Success)
            {
                faults[int.Parse(failed.Groups[1].ValueSpan, CultureInfo.InvariantCulture)] = string.Join("; ", words);
                words.Clear();
            }
            else
            {
                words.Add(line);
            }
        }

        return faults;
    }

    [GeneratedRegex(@"^Command failed -:(\d+)$")]
    private static partial Regex CommandFailed();
}
