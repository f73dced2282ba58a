using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>
/// A network service's own verbs, under its name. The built-in services share these routes; a service that has others is
/// managed by its own tool (seed S59, S76).
/// </summary>
internal static class ServiceCommands
{
    /// <summary>Fields of a new network that are text, and those that are numbers; each is an option of the same name.</summary>
    private static readonly string[] TextFields =
        ["cidr", "cidr_v6", "bridge", "bridge_interface", "gateway", "gateway_v6", "dns1", "dns2", "project_id", "dhcp_server",
            "allowed_start", "allowed_end", "fixed_cidr"];

    private static readonly string[] NumberFields =
        ["num_networks", "network_size", "vlan", "vlan_start", "vpn_start", "mtu", "priority", "quarantine_seconds"];

    public static Command Make(Globals globals, string word)
    {
        string prefix = $"/{NovaClient.Version}/{Uri.EscapeDataString(word[(word.LastIndexOf('.') + 1)..])}";
        return new Command(word, "A network service")
        {
            Networks(globals, prefix), Cards(globals, prefix), Fixed(globals, prefix),
        };
    }

    public static async Task<JsonArray> Installed(NovaClient api) => (await api.Get("/services"))["services"] as JsonArray ?? [];

    private static Command Networks(Globals globals, string prefix)
    {
        var id = new Argument<string>("network_id");
        var list = new Command("list", "Networks of the project; with the admin's token and no project, all");
        list.SetAction(globals.Verb(async (_, api, screen) => screen.Rows(
            await api.List($"{prefix}/networks/detail", "networks"), "id", "label", "cidr", "vlan", "bridge", "gateway", "project_id")));

        var show = new Command("show", "One network") { id };
        show.SetAction(globals.Verb(async (parsed, api, screen) =>
            screen.Record(await api.Get($"{prefix}/networks/{Value(parsed, id)}"), "network")));

        var delete = new Command("delete", "Deletes a network; refused while a port is in use") { id };
        delete.SetAction(globals.Verb(async (parsed, api, _) => await api.Delete($"{prefix}/networks/{Value(parsed, id)}")));
        return new Command("network", "Networks of this service") { CreateNetwork(globals, prefix), list, show, delete };
    }

    private static Command CreateNetwork(Globals globals, string prefix)
    {
        var label = new Argument<string>("label");
        Option<string?>[] texts = [.. TextFields.Select(f => new Option<string?>("--" + f))];
        Option<long?>[] numbers = [.. NumberFields.Select(f => new Option<long?>("--" + f))];
        var command = new Command("create", "Creates one network, or num_networks of network_size in one commit") { label };
        Array.ForEach(texts, command.Add);
        Array.ForEach(numbers, command.Add);
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            var network = new JsonObject { ["label"] = parsed.GetValue(label) };
            foreach (Option<string?> option in texts.Where(o => parsed.GetValue(o) is not null))
            {
                network[option.Name[2..]] = parsed.GetValue(option);
            }

            foreach (Option<long?> option in numbers.Where(o => parsed.GetValue(o) is not null))
            {
                network[option.Name[2..]] = parsed.GetValue(option);
            }

            JsonNode answer = await api.Post($"{prefix}/networks", new JsonObject { ["network"] = network });
            if (answer["networks"] is JsonArray several)
            {
                screen.Rows(several, "id", "label", "cidr", "vlan", "bridge", "gateway");
            }
            else
            {
                screen.Record(answer, "network");
            }
        }));
        return command;
    }

    private static Command Cards(Globals globals, string prefix)
    {
        var id = new Argument<string>("card_id");
        var list = new Command("list", "Ethernet cards (VNICs) of the project; with the admin's token and no project, all");
        list.SetAction(globals.Verb(async (_, api, screen) => screen.Rows(
            await api.List($"{prefix}/ethernet_cards/detail", "ethernet_cards"),
            "id", "mac_address", "ports.address", "project_id", "instance_id", "host")));

        var delete = new Command("delete", "Deletes a card and frees its ports; refused while a server has it") { id };
        delete.SetAction(globals.Verb(async (parsed, api, _) =>
            await api.Delete($"{prefix}/ethernet_cards/{Value(parsed, id)}")));
        return new Command("card", "Ethernet cards (VNICs) of this service") { CreateCard(globals, prefix), list, delete };
    }

    private static Command CreateCard(Globals globals, string prefix)
    {
        var network = new Option<string?>("--network") { Description = "With a port of this network, in one commit" };
        var mac = new Option<string?>("--mac") { Description = "This MAC; otherwise one is chosen" };
        var address = new Option<string?>("--address") { Description = "This fixed IP; otherwise the next free one" };
        var command = new Command("create", "Makes an ethernet card") { network, mac, address };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            var card = new JsonObject();
            var fields = new[] { ("network_id", network), ("mac_address", mac), ("address", address) };
            foreach ((string field, Option<string?> option) in fields)
            {
                if (parsed.GetValue(option) is { } given)
                {
                    card[field] = given;
                }
            }

            JsonNode answer = await api.Post($"{prefix}/ethernet_cards", new JsonObject { ["ethernet_card"] = card });
            screen.Record(answer, "ethernet_card");
        }));
        return command;
    }

    private static Command Fixed(Globals globals, string prefix)
    {
        var address = new Argument<string>("address");
        var network = new Argument<string>("network_id");
        var list = new Command("list", "Fixed IPs of a network that are not free") { network };
        list.SetAction(globals.Verb(async (parsed, api, screen) => screen.Rows(
            await api.List($"{prefix}/networks/{Value(parsed, network)}/ports/detail", "ports"),
            "id", "address", "phase", "state", "vnic_id")));
        return new Command("fixed", "Fixed IPs of this service")
        {
            Act("reserve", "Keeps an address out of the pool"), Act("unreserve", "Gives a reserved address back"), list,
        };

        Command Act(string verb, string description)
        {
            var command = new Command(verb, description) { address };
            command.SetAction(globals.Verb(async (parsed, api, _) => await api.Post(
                $"{prefix}/fixed_ips/{Value(parsed, address)}/action", new JsonObject { [verb] = null })));
            return command;
        }
    }

    private static string Value(ParseResult parsed, Argument<string> argument) => Uri.EscapeDataString(parsed.GetValue(argument)!);
}
