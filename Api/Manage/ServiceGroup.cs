using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>The verbs under one network service's name share its prefix, and what to say where there is no such service.</summary>
internal sealed class ServiceGroup(Globals globals, string word)
{
    public string Word { get; } = word;

    public string Prefix { get; } = $"/{NovaClient.Version}/{Uri.EscapeDataString(word[(word.LastIndexOf('.') + 1)..])}";

    /// <summary>Whether a service may have this name: a module's path, or the last word of one.</summary>
    public static bool MayBe(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    public static async Task<JsonArray> Installed(NovaClient api) => (await api.Get("/services"))["services"] as JsonArray ?? [];

    public static string Value(ParseResult parsed, Argument<string> argument) => Uri.EscapeDataString(parsed.GetValue(argument)!);

    /// <summary>What is not found may be the service itself: a word that is no verb was taken for one.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> Verb(Func<ParseResult, NovaClient, Screen, Task> act) =>
        globals.Verb(async (parsed, api, screen) =>
        {
            try
            {
                await act(parsed, api, screen);
            }
            catch (ApiFault fault) when (fault.Status == 404)
            {
                string[] known = [.. (await Installed(api)).SelectMany(s => new[] { $"{s?["name"]}", $"{s?["path"]}" })];
                if (known.Contains(Word))
                {
                    throw;
                }

                throw new ApiFault(
                    $"there is no verb and no network service '{Word}'; "
                        + (Suggestions.Of(Word, known) ?? "nova-manage services lists those there are"),
                    ApiFault.Refused, fault.Status);
            }
        });
}
