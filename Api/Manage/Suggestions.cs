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
        string[] meant = [.. parsed.UnmatchedTokens.Select(word => (word, near: Of(word, here)))
            .Where(w => w.near is not null).Select(w => $"nova-manage: '{w.word}': {w.near}")];
        foreach (string one in meant)
        {
            yield return one;
        }

        if (taken is null)
        {
            yield break;
        }

        if (Of(taken, root.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).Where(n => n != taken)) is { } verb)
        {
            yield return $"nova-manage: '{taken}': {verb}";
        }
        else if (meant.Length == 0)
        {
            yield return $"nova-manage: '{taken}' is no verb; if it is a network service, as 'nova-manage services' lists, its verbs are "
                + string.Join(", ", root.Subcommands.Single(c => c.Name == taken).Subcommands.Select(c => c.Name));
        }
    }

    /// <summary>"did you mean vlan?", or null where nothing is near.</summary>
    public static string? Of(string asked, IEnumerable<string> known) =>
        NearMatches.Of(asked, known) is { Count: > 0 } near ? $"did you mean {string.Join(" or ", near)}?" : null;
}
