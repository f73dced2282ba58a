using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Projects, and which network service each one uses (the seed's <c>network_set</c> and <c>network_get</c>).</summary>
internal static class ProjectCommands
{
    private const string Path = $"/{NovaClient.Version}/projects";

    private static readonly Argument<string> Project = new("project_id");

    public static Command Make(Globals globals) => new("project", "Projects and the network service of each")
    {
        Create(globals), List(globals), Show(globals), Set(globals), Get(globals), NetworkList(globals),
        CredentialsCommand.Make(globals),
    };

    private static Command Create(Globals globals)
    {
        var name = new Option<string?>("--name") { Description = "A name for people" };
        var command = new Command("create", "Makes a project known; a second time is done already") { Project, name };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            var project = new JsonObject { ["id"] = parsed.GetValue(Project) };
            if (parsed.GetValue(name) is { } given)
            {
                project["name"] = given;
            }

            screen.Record(await api.Post(Path, new JsonObject { ["project"] = project }), "project");
        }));
        return command;
    }

    private static Command List(Globals globals)
    {
        var command = new Command("list", "All projects");
        command.SetAction(globals.Verb(async (_, api, screen) =>
            screen.Rows(await Projects(api), "id", "name", "network_service", "effective_network_service")));
        return command;
    }

    private static Command Show(Globals globals)
    {
        var command = new Command("show", "One project") { Project };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
            screen.Record(await api.Get($"{Path}/{Uri.EscapeDataString(parsed.GetValue(Project)!)}"), "project")));
        return command;
    }

    private static Command Set(Globals globals)
    {
        var service = new Argument<string>("network_service") { Description = "A module path, or its short name" };
        var force = new Option<bool>("--force") { Description = "Also while VNICs of another service are in use; they keep it" };
        var command = new Command("network_set", "Sets the network service of a project, replacing the one before")
        {
            Project, service, force,
        };
        command.SetAction(globals.Verb(async (parsed, api, _) =>
        {
            var body = new JsonObject { ["network_service"] = parsed.GetValue(service) };
            if (parsed.GetValue(force))
            {
                body["force"] = true;
            }

            JsonNode answer = await api.Put(ServiceOf(parsed), body);
            foreach (JsonNode? warning in answer["project"]?["warnings"] as JsonArray ?? [])
            {
                await Console.Error.WriteLineAsync($"nova-manage: {warning}");
            }
        }));
        return command;
    }

    private static Command Get(Globals globals)
    {
        var effective = new Option<bool>("--effective") { Description = "The default one where none is set" };
        var command = new Command("network_get", "Prints the module path of a project's network service, or None")
        {
            Project, effective,
        };
        command.SetAction(globals.Verb(async (parsed, api, _) =>
        {
            JsonNode answer = await api.Get(ServiceOf(parsed));
            string field = parsed.GetValue(effective) ? "effective_network_service" : "network_service";
            Screen.Line(answer["project"]?[field]?.ToString() ?? "None");
        }));
        return command;
    }

    private static Command NetworkList(Globals globals)
    {
        var command = new Command("network_list", "Every project with its network service");
        command.SetAction(globals.Verb(async (_, api, _) =>
        {
            foreach (JsonNode? project in await Projects(api))
            {
                Screen.Line($"{project?["id"]}\t{project?["network_service"]?.ToString() ?? "None"}");
            }
        }));
        return command;
    }

    /// <summary>The API lists ids; what each project uses is asked one by one.</summary>
    private static async Task<JsonArray> Projects(NovaClient api)
    {
        var projects = new JsonArray();
        foreach (JsonNode? project in await api.List(Path, "projects"))
        {
            JsonNode answer = await api.Get($"{Path}/{Uri.EscapeDataString(project!["id"]!.ToString())}");
            projects.Add(answer["project"]?.DeepClone());
        }

        return projects;
    }

    private static string ServiceOf(ParseResult parsed) =>
        $"{Path}/{Uri.EscapeDataString(parsed.GetValue(Project)!)}/network_service";
}
