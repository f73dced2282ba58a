using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Projects: made, listed, limited, emptied and forgotten.</summary>
internal static class ProjectCommands
{
    public const string Path = $"/{NovaClient.Version}/projects";

    public static Command Make(Globals globals) => new("project", "Projects, the network service of each, and their quotas")
    {
        Create(globals), List(globals), Show(globals), Delete(globals), Scrub(globals), Quota(globals),
        AssociationCommands.Set(globals), AssociationCommands.Plan(globals), AssociationCommands.Get(globals),
        AssociationCommands.List(globals),
        CredentialsCommand.Make(globals),
    };

    public static Argument<string> Project() => new("project_id");

    /// <summary>The API lists ids; what each project uses is asked one by one.</summary>
    public static async Task<JsonArray> All(NovaClient api)
    {
        var projects = new JsonArray();
        foreach (JsonNode? project in await api.List(Path, "projects"))
        {
            JsonNode answer = await api.Get($"{Path}/{Uri.EscapeDataString(project!["id"]!.ToString())}");
            projects.Add(answer["project"]?.DeepClone());
        }

        return projects;
    }

    public static string One(ParseResult parsed, Argument<string> project) =>
        $"{Path}/{Uri.EscapeDataString(parsed.GetValue(project)!)}";

    private static Command Create(Globals globals)
    {
        Argument<string> project = Project();
        var name = new Option<string?>("--name") { Description = "A name for people" };
        var command = new Command("create", "Makes a project known; a second time is done already") { project, name };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            var body = new JsonObject { ["id"] = parsed.GetValue(project) };
            if (parsed.GetValue(name) is { } given)
            {
                body["name"] = given;
            }

            screen.Record(await api.Post(Path, new JsonObject { ["project"] = body }), "project");
        }));
        return command;
    }

    private static Command List(Globals globals)
    {
        var command = new Command("list", "All projects");
        command.SetAction(globals.Verb(async (_, api, screen) =>
            screen.Rows(await All(api), "id", "name", "network_service", "effective_network_service")));
        return command;
    }

    private static Command Show(Globals globals)
    {
        Argument<string> project = Project();
        var command = new Command("show", "One project") { project };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
            screen.Record(await api.Get(One(parsed, project)), "project")));
        return command;
    }

    private static Command Delete(Globals globals)
    {
        Argument<string> project = Project();
        var command = new Command("delete", "Forgets a project; refused while it has networks, VNICs or instances") { project };
        command.SetAction(globals.Verb(async (parsed, api, _) => await api.Delete(One(parsed, project))));
        return command;
    }

    private static Command Scrub(Globals globals)
    {
        Argument<string> project = Project();
        var command = new Command("scrub", "Takes the project's networks from it, so that others can have them") { project };
        command.SetAction(globals.Verb(async (parsed, api, screen) => screen.Record(
            await api.Post($"{One(parsed, project)}/action", new JsonObject { ["scrub"] = null }), "scrub")));
        return command;
    }

    private static Command Quota(Globals globals)
    {
        Argument<string> project = Project();
        var name = new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne, Description = "As in floating_ips" };
        var value = new Argument<string?>("value")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "-1 is without limit; default gives the project the default again",
        };
        var command = new Command("quota", "Shows a project's quotas, or sets one") { project, name, value };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            string path = $"/{NovaClient.Version}/os-quota-sets/{Uri.EscapeDataString(parsed.GetValue(project)!)}";
            screen.Record(parsed.GetValue(name) is { } named
                ? await SetQuota(api, path, named, parsed.GetValue(value))
                : await api.Get(path), "quota_set");
        }));
        return command;
    }

    private static async Task<JsonNode> SetQuota(NovaClient api, string path, string name, string? value)
    {
        if (value is null)
        {
            throw new ApiFault($"quota {name}: which value? A number, -1 for none, or default", ApiFault.NotUnderstood);
        }

        JsonNode? limit = value == "default"
            ? (await api.Get($"{path}/defaults"))["quota_set"]?[name]?.DeepClone()
            : long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? number
                : value;
        return await api.Put(path, new JsonObject { ["quota_set"] = new JsonObject { [name] = limit } });
    }
}
