using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Instances, by the compute API's word for them.</summary>
internal static class ServerCommands
{
    private const string Path = $"/{NovaClient.Version}/servers";

    private static readonly Argument<string> Server = new("server_id");

    public static Command Make(Globals globals)
    {
        var list = new Command("list", "All servers of the project; with the admin's token and no project, of all");
        list.SetAction(globals.Verb(async (_, api, screen) =>
            screen.Rows(await api.List($"{Path}/detail", "servers"), "id", "name", "status", "host", "vnics")));

        var show = new Command("show", "One server") { Server };
        show.SetAction(globals.Verb(async (parsed, api, screen) => screen.Record(await api.Get(One(parsed)), "server")));

        var delete = new Command("delete", "Deletes a server; the VNICs that were made for it alone go with it") { Server };
        delete.SetAction(globals.Verb(async (parsed, api, _) => await api.Delete(One(parsed))));
        var network = new Command("network", "What each NIC is to be, and what its host last said of it") { Server };
        network.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            JsonNode answer = await api.Get($"{One(parsed)}/network");
            screen.Rows(
                answer["network"]?["nics"] as JsonArray ?? [],
                "index", "vnic_id", "state", "network", "info.ip_address", "floating_ips", "port_state", "revision",
                "reported_revision", "since", "fault");
        }));
        return new Command("server", "Servers (instances)")
        {
            Create(globals), list, show, network, delete,
            InGroup(globals, "add_group", "addSecurityGroup", "Puts a server into a security group too"),
            InGroup(globals, "remove_group", "removeSecurityGroup", "Takes a server out of a security group; it stays in one at least"),
        };
    }

    private static Command InGroup(Globals globals, string verb, string action, string description)
    {
        var group = new Argument<string>("group") { Description = "The security group's name" };
        var command = new Command(verb, description) { Server, group };
        command.SetAction(globals.Verb(async (parsed, api, _) => await api.Post(
            $"{One(parsed)}/action", new JsonObject { [action] = new JsonObject { ["name"] = parsed.GetValue(group) } })));
        return command;
    }

    private static Command Create(Globals globals)
    {
        var names = new Argument<string[]>("name") { Arity = ArgumentArity.OneOrMore, Description = "One, or several alike" };
        var vnics = new Option<string[]>("--vnic")
        {
            Description = "An ethernet card, in the order of the NICs; without any, the project's network service makes one",
            AllowMultipleArgumentsPerToken = true,
        };
        var host = new Option<string?>("--host") { Description = "On this compute host; otherwise on the one with the fewest VNICs" };
        var image = new Option<string?>("--image") { Description = "What it boots from: an image's id, name or EC2 id" };
        var flavor = new Option<string?>("--flavor") { Description = "Its size: a flavor's id or name" };
        var groups = new Option<string[]>("--group")
        {
            Description = "A security group that it is in, by name; default, if left out",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("create", "Launches a server, or several") { names, vnics, host, image, flavor, groups };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            var server = new JsonObject();
            if (parsed.GetValue(vnics) is { Length: > 0 } given)
            {
                server["vnics"] = new JsonArray([.. given.Select(v => JsonValue.Create(v))]);
            }

            if (parsed.GetValue(groups) is { Length: > 0 } inGroups)
            {
                server["security_groups"] = new JsonArray([.. inGroups.Select(g => new JsonObject { ["name"] = g })]);
            }

            foreach ((string field, Option<string?> option) in
                new[] { ("host", host), ("imageRef", image), ("flavorRef", flavor) })
            {
                if (parsed.GetValue(option) is { } chosen)
                {
                    server[field] = chosen;
                }
            }

            string[] wanted = parsed.GetValue(names)!;
            if (wanted.Length > 1 && server.ContainsKey("vnics"))
            {
                throw new ApiFault("--vnic: a VNIC is one server's; launch servers with VNICs one by one", ApiFault.NotUnderstood);
            }

            var made = new JsonArray();
            foreach (string name in wanted)
            {
                server["name"] = name;
                JsonNode answer = await api.Post(Path, new JsonObject { ["server"] = server.DeepClone() });
                if (wanted.Length == 1)
                {
                    screen.Record(answer, "server");
                    return;
                }

                made.Add(answer["server"]?.DeepClone());
            }

            screen.Rows(made, "id", "name", "status", "host", "vnics");
        }));
        return command;
    }

    private static string One(ParseResult parsed) => $"{Path}/{Uri.EscapeDataString(parsed.GetValue(Server)!)}";
}
