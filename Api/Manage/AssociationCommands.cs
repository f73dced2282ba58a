using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>
/// Which network service a project uses: the seed's <c>network_set</c> and <c>network_get</c> (S68 to S74, S149 to S152).
/// </summary>
internal static class AssociationCommands
{
    private const string Field = "network_service";

    public static Command Set(Globals globals)
    {
        Argument<string> project = ProjectCommands.Project();
        var service = new Argument<string>(Field) { Description = "A module path, or its short name" };
        var force = new Option<bool>("--force")
        {
            Description = "Also while VNICs of another service are in use: they keep it until deleted, and are listed",
        };
        var plan = new Option<bool>("--plan") { Description = "Changes nothing: lists the VNICs that would keep their service" };
        var command = new Command("network_set", "Sets the network service of a project, replacing the one before")
        {
            project, service, force, plan,
        };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            string path = PathOf(parsed, project);
            string asked = parsed.GetValue(service)!;
            if (parsed.GetValue(plan))
            {
                screen.Rows(await Keeping(api, path, asked), Columns);
                return;
            }

            await Change(api, screen, path, new JsonObject { [Field] = asked, ["force"] = parsed.GetValue(force) });
        }));
        return command;
    }

    public static Command Get(Globals globals)
    {
        Argument<string> project = ProjectCommands.Project();
        var effective = new Option<bool>("--effective") { Description = "The default one where none is set" };
        var command = new Command("network_get", "Prints the module path of a project's network service, or None")
        {
            project, effective,
        };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            JsonNode answer = await api.Get(PathOf(parsed, project));
            string field = parsed.GetValue(effective) ? "effective_network_service" : Field;
            screen.Value(answer, answer["project"]?[field]?.ToString() ?? "None");
        }));
        return command;
    }

    public static Command List(Globals globals)
    {
        var command = new Command("network_list", "Every project with its network service, set and effective");
        command.SetAction(globals.Verb(async (_, api, screen) =>
            screen.Rows(await ProjectCommands.All(api), "id", Field, "effective_network_service")));
        return command;
    }

    private static readonly string[] Columns = ["id", "mac_address", Field, "instance_id", "host"];

    /// <summary>What keeps the old service is listed before a change that is forced, and after one that is refused for it.</summary>
    private static async Task Change(NovaClient api, Screen screen, string path, JsonObject body)
    {
        string asked = body[Field]!.ToString();
        JsonArray keeping = (bool)body["force"]! ? await Keeping(api, path, asked) : [];
        try
        {
            JsonNode answer = await api.Put(path, body);
            foreach (JsonNode? warning in answer["project"]?["warnings"] as JsonArray ?? [])
            {
                await Console.Error.WriteLineAsync($"nova-manage: {warning}");
            }
        }
        catch (ApiFault fault) when (fault.Status == 409)
        {
            screen.Rows(await Keeping(api, path, asked), Columns);
            throw;
        }

        if (keeping.Count > 0)
        {
            screen.Rows(keeping, Columns);
        }
    }

    private static async Task<JsonArray> Keeping(NovaClient api, string path, string service) =>
        (await api.Get($"{path}/plan?{Field}={Uri.EscapeDataString(service)}"))["plan"]?["keeping"]?.DeepClone() as JsonArray ?? [];

    private static string PathOf(ParseResult parsed, Argument<string> project) =>
        $"{ProjectCommands.One(parsed, project)}/{Field}";
}
