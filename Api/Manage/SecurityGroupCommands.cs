using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Security groups by their names, and what they let in.</summary>
internal static class SecurityGroupCommands
{
    private const string Groups = $"/{NovaClient.Version}/os-security-groups";
    private const string Rules = $"/{NovaClient.Version}/os-security-group-rules";

    private static readonly Argument<string> Group = new("group") { Description = "Its name, or its id" };

    public static Command Make(Globals globals)
    {
        var list = new Command("list", "The project's security groups");
        list.SetAction(globals.Verb(async (_, api, screen) =>
            screen.Rows(await api.List(Groups, "security_groups"), "id", "name", "description", "rules.id")));

        var show = new Command("show", "What a group lets in, rule by rule") { Group };
        show.SetAction(globals.Verb(async (parsed, api, screen) => screen.Rows(
            (await Find(api, parsed))["rules"] as JsonArray ?? [],
            "id", "ip_protocol", "from_port", "to_port", "ip_range.cidr", "group.name")));

        var delete = new Command("delete", "Deletes a group; refused while instances are in it or other groups' rules name it") { Group };
        delete.SetAction(globals.Verb(async (parsed, api, _) => await api.Delete($"{Groups}/{(await Find(api, parsed))["id"]}")));

        var rule = new Argument<string>("rule_id");
        var revoke = new Command("revoke", "Takes a rule back; flows that only it let in are cut") { rule };
        revoke.SetAction(globals.Verb(async (parsed, api, _) =>
            await api.Delete($"{Rules}/{Uri.EscapeDataString(parsed.GetValue(rule)!)}")));
        return new Command("security_group", "Security groups: what is let in to instances")
        {
            list, show, Create(globals), delete, Allow(globals), revoke,
        };
    }

    private static Command Create(Globals globals)
    {
        var name = new Argument<string>("name");
        var description = new Option<string?>("--description") { Description = "What it is for; its name, if left out" };
        var command = new Command("create", "Makes a group, which lets nothing in") { name, description };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            string called = parsed.GetValue(name)!;
            var group = new JsonObject { ["name"] = called, ["description"] = parsed.GetValue(description) ?? called };
            screen.Record(await api.Post(Groups, new JsonObject { ["security_group"] = group }), "security_group");
        }));
        return command;
    }

    private static Command Allow(Globals globals)
    {
        var protocol = new Argument<string>("protocol") { Description = "tcp, udp, icmp, or any" };
        var ports = new Argument<string?>("ports")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "As in 22 or 8000:8010; all, if left out. Of icmp TYPE or TYPE:CODE",
        };
        var from = new Option<string?>("--from")
        {
            Description = "Whom it lets in: a prefix, an address, or a group of the project; 0.0.0.0/0, if left out",
        };
        var command = new Command("allow", "Lets something in") { Group, protocol, ports, from };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            var rule = new JsonObject { ["parent_group_id"] = (await Find(api, parsed))["id"]?.DeepClone() };
            if (parsed.GetValue(protocol) is { } spoken and not "any")
            {
                (int first, int last) = Range(spoken, parsed.GetValue(ports));
                (rule["ip_protocol"], rule["from_port"], rule["to_port"]) = (spoken, first, last);
            }
            else if (parsed.GetValue(ports) is not null)
            {
                throw new ApiFault("of any protocol there are no ports", ApiFault.NotUnderstood);
            }

            string source = parsed.GetValue(from) ?? "0.0.0.0/0";
            string? prefix = Prefix(source);
            rule[prefix is null ? "group_id" : "cidr"] = prefix is null ? (await Find(api, source))["id"]?.DeepClone() : prefix;
            screen.Record(await api.Post(Rules, new JsonObject { ["security_group_rule"] = rule }), "security_group_rule");
        }));
        return command;
    }

    private static (int First, int Last) Range(string protocol, string? ports)
    {
        bool isIcmp = protocol == "icmp";
        if (ports is null)
        {
            return isIcmp ? (-1, -1) : (1, 65535);
        }

        int[] numbers =
        [
            .. ports.Split(':').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1),
        ];
        return numbers is [>= 0] or [>= 0, >= 0]
            ? (numbers[0], numbers.Length == 2 ? numbers[1] : isIcmp ? -1 : numbers[0])
            : throw new ApiFault($"'{ports}' is no port and no range of them: 22 or 8000:8010", ApiFault.NotUnderstood);
    }

    /// <summary>Null for a group. Its id is a number, which .NET would take for an address of 32 bits.</summary>
    private static string? Prefix(string source) =>
        source.Contains('/', StringComparison.Ordinal) ? source
        : source.AsSpan().ContainsAny(':', '.') && IPAddress.TryParse(source, out IPAddress? one)
            ? $"{one}/{one.GetAddressBytes().Length * 8}" : null;

    private static Task<JsonNode> Find(NovaClient api, ParseResult parsed) => Find(api, parsed.GetValue(Group)!);

    private static async Task<JsonNode> Find(NovaClient api, string group)
    {
        JsonArray all = await api.List(Groups, "security_groups");
        // A group may be called as another one is numbered.
        return all.FirstOrDefault(g => $"{g?["name"]}" == group) ?? all.FirstOrDefault(g => $"{g?["id"]}" == group)
            ?? throw new ApiFault(
                $"there is no security group '{group}'; " + (Suggestions.Of(group, all.Select(g => $"{g?["name"]}"))
                    ?? "nova-manage security_group list lists those of the project"),
                ApiFault.Refused);
    }
}
