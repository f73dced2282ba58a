using System.CommandLine;
using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Manage;

/// <summary>What somebody may have meant whose words were not understood.</summary>
internal static class Suggestions
{
    /// <summary>
    /// The errors of a parse, and for every word that nobody knows the verbs or options that are near to it. A first word that was
    /// <paramref name="taken"/> for a network service may have been meant for a verb.
    /// </summary>
    public static IEnumerable<string> For(RootCommand root, ParseResult parsed, string? taken)
    {
        foreach (string error in parsed.Errors.Select(e => e.Message).Distinct())
        {
            yield return $"nova-manage: {error}";
        }

        Command command = parsed.CommandResult.Command;
        string[] here = [.. command.Subcommands.Select(c => c.Name), .. command.Options.Select(o => o.Name)];
        foreach (string word in parsed.UnmatchedTokens)
        {
            if (Of(word, here) is { } near)
            {
                yield return $"nova-manage: '{word}': {near}";
            }
        }

        if (taken is not null && Of(taken, root.Subcommands.Select(c => c.Name).Where(n => n != taken)) is { } verb)
        {
            yield return $"nova-manage: '{taken}': {verb}";
        }
    }

    /// <summary>"did you mean vlan?", or null where nothing is near.</summary>
    public static string? Of(string asked, IEnumerable<string> known) =>
        NearMatches.Of(asked, known) is { Count: > 0 } near ? $"did you mean {string.Join(" or ", near)}?" : null;
}
