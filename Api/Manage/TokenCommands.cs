using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Tokens of the API. Whose a token is, is what <c>--project</c> says.</summary>
internal static class TokenCommands
{
    private const string Path = $"/{NovaClient.Version}/tokens";

    public static Command Make(Globals globals) => new("token", "Tokens of the API, each of a project (--project) and a role")
    {
        Create(globals), List(globals), Revoke(globals),
    };

    private static Command Create(Globals globals)
    {
        var name = new Argument<string>("name") { Description = "What it is for" };
        var role = new Option<string>("--role")
        {
            Description = "reader sees what the project has, member changes it, admin administers the cloud [member]",
            DefaultValueFactory = _ => "member",
        };
        var expires = new Option<string?>("--expires") { Description = "30d, 12h, 90m, a date or a time in UTC; at most 366 days [30d]" };
        var create = new Command("create", "Makes a token and prints it: it is shown this once") { name, role, expires };
        create.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            var token = new JsonObject { ["name"] = parsed.GetValue(name), ["role"] = parsed.GetValue(role) };
            if (parsed.GetValue(expires) is { } end)
            {
                token["expires"] = end;
            }

            screen.Record(await api.Post(Path, new JsonObject { ["token"] = token }), "token");
        }));
        return create;
    }

    private static Command List(Globals globals)
    {
        var list = new Command("list", "The tokens, of all projects or of one; never their secrets");
        list.SetAction(globals.Verb(async (_, api, screen) => screen.Rows(
            await api.List(Path, "tokens"), "id", "name", "role", "project_id", "created_at", "expires_at", "expired")));
        return list;
    }

    private static Command Revoke(Globals globals)
    {
        var id = new Argument<string>("id");
        var revoke = new Command("revoke", "Revokes a token: within 5 s nothing is done with it") { id };
        revoke.SetAction(globals.Verb(async (parsed, api, _) =>
            await api.Delete($"{Path}/{Uri.EscapeDataString(parsed.GetValue(id)!)}")));
        return revoke;
    }
}
