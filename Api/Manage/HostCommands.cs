using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Compute hosts.</summary>
internal static class HostCommands
{
    private const string Path = $"/{NovaClient.Version}/hosts";

    private static readonly Argument<string> Host = new("host");

    public static Command Make(Globals globals)
    {
        var list = new Command("list", "All hosts that ever opened a session");
        list.SetAction(globals.Verb(async (_, api, screen) => screen.Rows(
            (await api.Get(Path))["hosts"] as JsonArray ?? [],
            "name", "status", "vnics", "epoch", "revision", "reported_revision", "last_seen")));

        var show = new Command("show", "One host") { Host };
        show.SetAction(globals.Verb(async (parsed, api, screen) => screen.Record(await api.Get(One(parsed)), "host")));

        var fence = new Command("fence", "Your word that a host is dead: its VNICs are released, and it wipes them if it returns")
        {
            Host,
        };
        fence.SetAction(globals.Verb(async (parsed, api, screen) =>
            screen.Record(await api.Post($"{One(parsed)}/action", new JsonObject { ["fence"] = null }), "fence")));
        return new Command("host", "Compute hosts") { list, show, fence };
    }

    private static string One(ParseResult parsed) => $"{Path}/{Uri.EscapeDataString(parsed.GetValue(Host)!)}";
}
