using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Networks of one network service.</summary>
internal static class NetworkCommands
{
    /// <summary>Fields of a new network by their kind; each is an option of the same name.</summary>
    private static readonly string[] TextFields =
        ["cidr", "cidr_v6", "bridge", "bridge_interface", "gateway", "gateway_v6", "dns1", "dns2", "project_id", "dhcp_server",
            "allowed_start", "allowed_end", "fixed_cidr", "uuid", "firewall"];

    private static readonly string[] NumberFields =
        ["num_networks", "network_size", "vlan", "vlan_start", "vpn_start", "mtu", "priority", "quarantine_seconds"];

    private static readonly string[] FlagFields = ["enable_dhcp", "multi_host", "share_address"];

    private static readonly string[] ChangedFields = ["label", "dns1", "dns2", "quarantine_seconds"];

    private static readonly string[] Columns =
        ["id", "label", "cidr", "cidr_v6", "vlan", "bridge", "gateway", "dns1", "project_id", "host"];

    public static Command Make(ServiceGroup service)
    {
        var id = new Argument<string>("network_id");
        var list = new Command("list", "Networks of the project; with the admin's token and no project, all");
        list.SetAction(service.Verb(async (_, api, screen) =>
            screen.Rows(await api.List($"{service.Prefix}/networks/detail", "networks"), Columns)));

        var show = new Command("show", "One network") { id };
        show.SetAction(service.Verb(async (parsed, api, screen) =>
            screen.Record(await api.Get(One(service, parsed, id)), "network")));

        var delete = new Command("delete", "Deletes a network; refused while a port is in use") { id };
        delete.SetAction(service.Verb(async (parsed, api, _) => await api.Delete(One(service, parsed, id))));
        return new Command("network", "Networks of this service") { Create(service), list, show, Modify(service), delete };
    }

    private static Command Create(ServiceGroup service)
    {
        var label = new Argument<string>("label");
        Option<string?>[] texts = [.. TextFields.Select(f => new Option<string?>("--" + f))];
        Option<long?>[] numbers = [.. NumberFields.Select(f => new Option<long?>("--" + f))];
        Option<bool?>[] flags = [.. FlagFields.Select(f => new Option<bool?>("--" + f))];
        var command = new Command("create", "Creates one network, or num_networks of network_size in one commit") { label };
        Array.ForEach(texts, command.Add);
        Array.ForEach(numbers, command.Add);
        Array.ForEach(flags, command.Add);
        command.SetAction(service.Verb(async (parsed, api, screen) =>
        {
            var network = new JsonObject { ["label"] = parsed.GetValue(label) };
            Array.ForEach(texts, o => Put(network, o.Name, parsed.GetValue(o)));
            Array.ForEach(numbers, o => Put(network, o.Name, parsed.GetValue(o)));
            Array.ForEach(flags, o => Put(network, o.Name, parsed.GetValue(o)));
            JsonNode answer = await api.Post($"{service.Prefix}/networks", new JsonObject { ["network"] = network });
            if (answer["networks"] is JsonArray several)
            {
                screen.Rows(several, Columns);
            }
            else
            {
                screen.Record(answer, "network");
            }
        }));
        return command;
    }

    /// <summary>As nova's <c>network modify</c>: whose it is, which host serves it, and what else may change.</summary>
    private static Command Modify(ServiceGroup service)
    {
        var id = new Argument<string>("network_id");
        var project = new Option<string?>("--project_id") { Description = "Give it to this project" };
        var host = new Option<string?>("--host") { Description = "Have this compute host serve it" };
        var noProject = new Option<bool>("--disassociate-project") { Description = "Take it from its project" };
        var noHost = new Option<bool>("--disassociate-host") { Description = "Take it from its host" };
        Option<string?>[] fields =
            [.. ChangedFields.Select(f => new Option<string?>("--" + f))];
        var command = new Command("modify", "Changes a network") { id, project, host, noProject, noHost };
        Array.ForEach(fields, command.Add);
        command.SetAction(service.Verb(async (parsed, api, screen) =>
        {
            string one = One(service, parsed, id);
            var changed = new JsonObject();
            Array.ForEach(fields, o => Put(changed, o.Name, parsed.GetValue(o)));
            if (changed.Count > 0)
            {
                await api.Put(one, new JsonObject { ["network"] = changed });
            }

            foreach ((string action, string? value) in new[]
            {
                ("disassociate_project", parsed.GetValue(noProject) ? "" : null), ("associate_project", parsed.GetValue(project)),
                ("disassociate_host", parsed.GetValue(noHost) ? "" : null), ("associate_host", parsed.GetValue(host)),
            })
            {
                if (value is not null)
                {
                    await api.Post($"{one}/action", new JsonObject { [action] = value.Length == 0 ? null : value });
                }
            }

            screen.Record(await api.Get(one), "network");
        }));
        return command;
    }

    private static void Put<T>(JsonObject body, string option, T? value)
    {
        if (value is not null)
        {
            body[option[2..]] = JsonValue.Create(value);
        }
    }

    private static string One(ServiceGroup service, ParseResult parsed, Argument<string> id) =>
        $"{service.Prefix}/networks/{ServiceGroup.Value(parsed, id)}";
}
