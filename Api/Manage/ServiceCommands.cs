using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>
/// A network service's own verbs, under its name. The built-in services share these routes; a service that has others is
/// managed by its own tool (seed S59, S76).
/// </summary>
internal static class ServiceCommands
{
    public static Command Make(Globals globals, string word)
    {
        var service = new ServiceGroup(globals, word);
        return new Command(word, "A network service")
        {
            NetworkCommands.Make(service), Cards(service), Fixed(service), FloatingCommands.Make(service), Vpn(service),
        };
    }

    private static Command Cards(ServiceGroup service)
    {
        var id = new Argument<string>("card_id");
        var list = new Command("list", "Ethernet cards (VNICs) of the project; with the admin's token and no project, all");
        list.SetAction(service.Verb(async (_, api, screen) => screen.Rows(
            await api.List($"{service.Prefix}/ethernet_cards/detail", "ethernet_cards"),
            "id", "mac_address", "ports.address", "project_id", "instance_id", "host")));

        var delete = new Command("delete", "Deletes a card and frees its ports; refused while a server has it") { id };
        delete.SetAction(service.Verb(async (parsed, api, _) =>
            await api.Delete($"{service.Prefix}/ethernet_cards/{ServiceGroup.Value(parsed, id)}")));
        return new Command("card", "Ethernet cards (VNICs) of this service") { CreateCard(service), list, delete };
    }

    private static Command CreateCard(ServiceGroup service)
    {
        var network = new Option<string?>("--network") { Description = "With a port of this network, in one commit" };
        var mac = new Option<string?>("--mac") { Description = "This MAC; otherwise one is chosen" };
        var address = new Option<string?>("--address") { Description = "This fixed IP; otherwise the next free one" };
        var command = new Command("create", "Makes an ethernet card") { network, mac, address };
        command.SetAction(service.Verb(async (parsed, api, screen) =>
        {
            var card = new JsonObject();
            var fields = new[] { ("network_id", network), ("mac_address", mac), ("fixed_ip", address) };
            foreach ((string field, Option<string?> option) in fields)
            {
                if (parsed.GetValue(option) is { } given)
                {
                    card[field] = given;
                }
            }

            JsonNode answer = await api.Post($"{service.Prefix}/ethernet_cards", new JsonObject { ["ethernet_card"] = card });
            screen.Record(answer, "ethernet_card");
        }));
        return command;
    }

    private static Command Fixed(ServiceGroup service)
    {
        var network = new Argument<string?>("network_id") { Arity = ArgumentArity.ZeroOrOne, Description = "All, if left out" };
        var list = new Command("list", "Fixed IPs that are not free: who has them, and those that rest or are reserved") { network };
        list.SetAction(service.Verb(async (parsed, api, screen) =>
        {
            IEnumerable<string> networks = parsed.GetValue(network) is { } one
                ? [one]
                : (await api.List($"{service.Prefix}/networks", "networks")).Select(n => n!["id"]!.ToString());
            var rows = new JsonArray();
            foreach (string id in networks)
            {
                foreach (JsonNode? row in await api.List(
                    $"{service.Prefix}/networks/{Uri.EscapeDataString(id)}/fixed_ips", "fixed_ips"))
                {
                    rows.Add(row?.DeepClone());
                }
            }

            screen.Rows(
                rows, "address", "phase", "allocated", "leased", "reserved", "project_id", "ethernet_card_id", "instance_id", "host");
        }));
        return new Command("fixed", "Fixed IPs of this service")
        {
            Act("reserve", "Keeps an address out of the pool"), Act("unreserve", "Gives a reserved address back"), list,
        };

        Command Act(string verb, string description)
        {
            var address = new Argument<string>("address");
            var command = new Command(verb, description) { address };
            command.SetAction(service.Verb(async (parsed, api, _) => await api.Post(
                $"{service.Prefix}/fixed_ips/{ServiceGroup.Value(parsed, address)}/action", new JsonObject { [verb] = null })));
            return command;
        }
    }

    private static Command Vpn(ServiceGroup service)
    {
        var list = new Command("list", "Where the projects' VPNs are reached");
        list.SetAction(service.Verb(async (_, api, screen) => screen.Rows(
            await Vpns(service, api, null),
            "project_id", "vpn_public_address", "vpn_public_port", "vpn_private_address", "id", "label")));

        Argument<string> project = ProjectCommands.Project();
        var address = new Argument<string>("address") { Description = "The public address" };
        var port = new Argument<int>("port") { Description = "The public port" };
        var change = new Command("change", "Changes where a project's VPN is reached") { project, address, port };
        change.SetAction(service.Verb(async (parsed, api, screen) =>
        {
            string whose = parsed.GetValue(project)!;
            if (await Vpns(service, api, whose) is not [{ } network, ..])
            {
                throw new ApiFault($"project '{whose}' has no {service.Word} network with a VPN", ApiFault.Refused);
            }

            var vpn = new JsonObject
            {
                ["vpn_public_address"] = parsed.GetValue(address),
                ["vpn_public_port"] = parsed.GetValue(port),
            };
            screen.Record(
                await api.Put($"{service.Prefix}/networks/{network["id"]}", new JsonObject { ["network"] = vpn }), "network");
        }));
        return new Command("vpn", "The projects' VPNs, of a service that has them") { list, change };
    }

    private static async Task<JsonArray> Vpns(ServiceGroup service, NovaClient api, string? project) =>
        [.. (await api.List($"{service.Prefix}/networks/detail", "networks"))
            .Where(n => n?["vpn_public_port"] is not null && (project is null || n["project_id"]?.ToString() == project))
            .Select(n => n?.DeepClone())];
}
