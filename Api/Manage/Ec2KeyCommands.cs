using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>The keys that a project's EC2 clients sign with.</summary>
internal static class Ec2KeyCommands
{
    private static readonly Argument<string> Project = new("project_id");

    public static Command Make(Globals globals)
    {
        var role = new Option<string>("--role")
        {
            Description = "What the key may do: reader or member [member]",
            DefaultValueFactory = _ => "member",
        };
        var create = new Command("create", "Makes a key and prints its secret; only the credentials show it again") { Project, role };
        create.SetAction(globals.Verb(async (parsed, api, screen) => screen.Record(
            await api.Post(Of(parsed), new JsonObject { ["ec2_key"] = new JsonObject { ["role"] = parsed.GetValue(role) } }), "ec2_key")));

        var list = new Command("list", "The project's keys, without their secrets") { Project };
        list.SetAction(globals.Verb(async (parsed, api, screen) =>
            screen.Rows((await api.Get(Of(parsed)))["ec2_keys"] as JsonArray ?? [], "access_key", "role", "created_at")));

        var key = new Argument<string>("access_key");
        var delete = new Command("delete", "Deletes a key: nothing is signed with it any more") { Project, key };
        delete.SetAction(globals.Verb(async (parsed, api, _) =>
            await api.Delete($"{Of(parsed)}/{Uri.EscapeDataString(parsed.GetValue(key)!)}")));
        return new Command("ec2key", "Keys of a project for clients of EC2's API") { create, list, delete };
    }

    private static string Of(ParseResult parsed) =>
        $"/{NovaClient.Version}/projects/{Uri.EscapeDataString(parsed.GetValue(Project)!)}/ec2_keys";
}
