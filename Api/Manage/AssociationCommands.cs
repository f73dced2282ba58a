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
        var plan = new Option<bool>("--plan") { Description = "Changes nothing: as network_plan" };
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
                Show(screen, await PlanOf(api, path, asked));
                return;
            }

            await Change(api, screen, path, new JsonObject { [Field] = asked, ["force"] = parsed.GetValue(force) });
        }));
        return command;
    }

    public static Command Plan(Globals globals)
    {
        Argument<string> project = ProjectCommands.Project();
        var service = new Argument<string>(Field) { Description = "A module path, or its short name" };
        var command = new Command(
            "network_plan", "What it takes to change a project's network service: what it has of others, what is in the way, the commands")
        {
            project, service,
        };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
            Show(screen, await PlanOf(api, PathOf(parsed, project), parsed.GetValue(service)!))));
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

    /// <summary>
    /// What keeps the old service is shown before a change that is forced, and after one that is refused for it.
    /// </summary>
    private static async Task Change(NovaClient api, Screen screen, string path, JsonObject body)
    {
        string asked = body[Field]!.ToString();
        JsonNode? before = (bool)body["force"]! ? await PlanOf(api, path, asked) : null;
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
            Show(screen, await PlanOf(api, path, asked));
            throw;
        }

        if (before?["plan"]?["keeping"] is JsonArray { Count: > 0 } keeping)
        {
            screen.Rows((JsonArray)keeping.DeepClone(), s_vnics);
        }
    }

    private static readonly string[] s_vnics = ["id", "mac_address", Field, "instance_id", "host"];

    private static readonly (string List, string Title, string[] Columns)[] s_parts =
    [
        ("networks", "Networks of other services, which stay the project's", ["id", "label", Field, "cidr"]),
        ("keeping", "VNICs, which keep their service", s_vnics),
        ("ports", "Ports without a VNIC", ["id", "network_id", "address"]),
        ("instances", "Instances in the way: with --force they go on as they are", ["id", "name", "host"]),
        ("hosts_lacking", "Live hosts that lack the new service, and take no instances of it", ["name", "lacks"]),
    ];

    /// <summary>What there is nothing of is left out.</summary>
    private static void Show(Screen screen, JsonNode answer)
    {
        JsonNode plan = answer["plan"] ?? answer;
        if (screen.IsJson)
        {
            screen.Record(answer, "plan");
            return;
        }

        Screen.Line($"Project {plan["project"]}, from {plan["from"]} to {plan["to"]}: {plan["in_the_way"]} VNICs are in the way.");
        foreach ((string list, string title, string[] columns) in s_parts)
        {
            if (plan[list] is JsonArray { Count: > 0 } rows)
            {
                Screen.Line($"{Environment.NewLine}{title}:");
                screen.Rows(rows, columns);
            }
        }

        Screen.Line($"{Environment.NewLine}It is done by:");
        foreach (JsonNode? step in plan["steps"] as JsonArray ?? [])
        {
            Screen.Line($"  {step?["command"]}    # {step?["why"]}");
        }
    }

    private static Task<JsonNode> PlanOf(NovaClient api, string path, string service) =>
        api.Get($"{path}/plan?{Field}={Uri.EscapeDataString(service)}");

    private static string PathOf(ParseResult parsed, Argument<string> project) =>
        $"{ProjectCommands.One(parsed, project)}/{Field}";
}
