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
            "name", "status", "drained", "vnics", "epoch", "revision", "reported_revision", "last_seen")));

        var show = new Command("show", "One host") { Host };
        show.SetAction(globals.Verb(async (parsed, api, screen) => screen.Record(await api.Get(One(parsed)), "host")));

        var fence = new Command("fence", "Your word that a host is dead: its VNICs are released, and it wipes them if it returns")
        {
            Host,
        };
        fence.SetAction(globals.Verb(async (parsed, api, screen) => screen.Record(await Act(api, parsed, "fence"), "fence")));

        var undrain = new Command("undrain", "The host takes new instances again") { Host };
        undrain.SetAction(globals.Verb(async (parsed, api, _) => await Act(api, parsed, "undrain")));

        var remove = new Command("remove", "Forgets a host that is gone; refused while it is live or has VNICs") { Host };
        remove.SetAction(globals.Verb(async (parsed, api, _) => await api.Delete(One(parsed))));
        return new Command("host", "Compute hosts") { list, show, fence, Drain(globals), undrain, remove };
    }

    private static Command Drain(Globals globals)
    {
        var reason = new Option<string?>("--reason") { Description = "Shown to whoever looks, and to whom it is refused" };
        var drain = new Command("drain", "The host takes no new instances; what runs on it goes on") { Host, reason };
        drain.SetAction(globals.Verb(async (parsed, api, _) =>
        {
            JsonObject? why = parsed.GetValue(reason) is { } given ? new JsonObject { ["reason"] = given } : null;
            await Act(api, parsed, "drain", why);
        }));
        return drain;
    }

    private static Task<JsonNode> Act(NovaClient api, ParseResult parsed, string action, JsonObject? with = null) =>
        api.Post($"{One(parsed)}/action", new JsonObject { [action] = with });

    private static string One(ParseResult parsed) => $"{Path}/{Uri.EscapeDataString(parsed.GetValue(Host)!)}";
}
