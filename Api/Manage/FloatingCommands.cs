using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>
/// Pools of floating IPs, as nova-manage had them, and what a project does with its own; a service without floating IPs says so.
/// </summary>
internal static class FloatingCommands
{
    public static Command Make(ServiceGroup service) => new("floating", "Floating IPs: their pools, and a project's own")
    {
        Create(service), Delete(service), List(service), Allocate(service), Allocated(service), Associate(service),
        Disassociate(service), Release(service),
    };

    private static string Bulk(ServiceGroup service) => $"{service.Prefix}/floating_ips_bulk";

    private static Argument<string> Range() => new("ip_range") { Description = "A prefix, as in 203.0.113.0/28" };

    private static Option<string?> Pool() => new("--pool") { Description = "The pool; nova, if left out" };

    private static Argument<string> Address() => new("address") { Description = "The floating IP" };

    private static Command List(ServiceGroup service)
    {
        var list = new Command("list", "All floating IPs of all pools, whose they are and what they stand for");
        list.SetAction(service.Verb(async (_, api, screen) => screen.Rows(
            await api.List(Bulk(service), "floating_ip_info"),
            "address", "pool", "interface", "project_id", "fixed_ip", "instance_uuid")));
        return list;
    }

    private static Command Create(ServiceGroup service)
    {
        Argument<string> range = Range();
        Option<string?> pool = Pool();
        var link = new Option<string?>("--interface") { Description = "The hosts' link for these, where it is not their public interface" };
        var create = new Command("create", "Puts a range of addresses into a pool") { range, pool, link };
        create.SetAction(service.Verb(async (parsed, api, screen) =>
        {
            var body = new JsonObject { ["ip_range"] = parsed.GetValue(range) };
            foreach ((string field, Option<string?> option) in new[] { ("pool", pool), ("interface", link) })
            {
                if (parsed.GetValue(option) is { } given)
                {
                    body[field] = given;
                }
            }

            screen.Record(
                await api.Post(Bulk(service), new JsonObject { ["floating_ips_bulk_create"] = body }), "floating_ips_bulk_create");
        }));
        return create;
    }

    private static Command Delete(ServiceGroup service)
    {
        Argument<string> range = Range();
        Option<string?> pool = Pool();
        var delete = new Command("delete", "Takes a range out of its pool; refused while one is allocated") { range, pool };
        delete.SetAction(service.Verb(async (parsed, api, _) =>
        {
            string whose = parsed.GetValue(pool) is { } named ? $"&pool={Uri.EscapeDataString(named)}" : "";
            await api.Delete($"{Bulk(service)}?ip_range={Uri.EscapeDataString(parsed.GetValue(range)!)}{whose}");
        }));
        return delete;
    }

    private static Command Allocated(ServiceGroup service)
    {
        var allocated = new Command("allocated", "The floating IPs of the project, and what they stand for");
        allocated.SetAction(service.Verb(async (_, api, screen) => screen.Rows(
            await api.List(Own(service), "floating_ips"), "ip", "pool", "fixed_ip", "instance_id")));
        return allocated;
    }

    private static Command Allocate(ServiceGroup service)
    {
        Option<string?> pool = Pool();
        var allocate = new Command("allocate", "Gives the project a floating IP") { pool };
        allocate.SetAction(service.Verb(async (parsed, api, screen) => screen.Record(
            await api.Post(Own(service), new JsonObject { ["pool"] = parsed.GetValue(pool) ?? "nova" }), "floating_ip")));
        return allocate;
    }

    private static Command Associate(ServiceGroup service)
    {
        Argument<string> address = Address();
        var fixedIp = new Argument<string>("fixed_ip") { Description = "The guest's address that it stands for from now on" };
        var associate = new Command("associate", "Lets a floating IP stand for a guest's address; another one before that it leaves")
        {
            address, fixedIp,
        };
        associate.SetAction(service.Verb((parsed, api, _) => Act(
            service, parsed, api, address, new JsonObject { ["associate"] = new JsonObject { ["fixed_ip"] = parsed.GetValue(fixedIp) } })));
        return associate;
    }

    private static Command Disassociate(ServiceGroup service)
    {
        Argument<string> address = Address();
        var disassociate = new Command("disassociate", "Lets a floating IP stand for nothing; it stays the project's") { address };
        disassociate.SetAction(service.Verb((parsed, api, _) =>
            Act(service, parsed, api, address, new JsonObject { ["disassociate"] = null })));
        return disassociate;
    }

    private static Command Release(ServiceGroup service)
    {
        Argument<string> address = Address();
        var release = new Command("release", "Gives a floating IP back to its pool; refused while it stands for an address") { address };
        release.SetAction(service.Verb((parsed, api, _) => api.Delete($"{Own(service)}/{ServiceGroup.Value(parsed, address)}")));
        return release;
    }

    private static string Own(ServiceGroup service) => $"{service.Prefix}/floating_ips";

    private static Task<JsonNode> Act(
        ServiceGroup service, ParseResult parsed, NovaClient api, Argument<string> address, JsonObject action) =>
        api.Post($"{Own(service)}/{ServiceGroup.Value(parsed, address)}/action", action);
}
