using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Pools of floating IPs, as nova-manage had them; a service without floating IPs says so.</summary>
internal static class FloatingCommands
{
    public static Command Make(ServiceGroup service)
    {
        string path = $"{service.Prefix}/floating_ips_bulk";
        var range = new Argument<string>("ip_range") { Description = "A prefix, as in 203.0.113.0/28" };
        var pool = new Option<string?>("--pool") { Description = "The pool; nova, if left out" };
        var link = new Option<string?>("--interface") { Description = "The hosts' link for these, where it is not their public interface" };

        var list = new Command("list", "All floating IPs, whose they are and what they stand for");
        list.SetAction(service.Verb(async (_, api, screen) => screen.Rows(
            await api.List(path, "floating_ip_info"),
            "address", "pool", "interface", "project_id", "fixed_ip", "instance_uuid")));

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
                await api.Post(path, new JsonObject { ["floating_ips_bulk_create"] = body }), "floating_ips_bulk_create");
        }));

        var delete = new Command("delete", "Takes a range out of its pool; refused while one is allocated") { range, pool };
        delete.SetAction(service.Verb(async (parsed, api, _) =>
        {
            string whose = parsed.GetValue(pool) is { } named ? $"&pool={Uri.EscapeDataString(named)}" : "";
            await api.Delete($"{path}?ip_range={Uri.EscapeDataString(parsed.GetValue(range)!)}{whose}");
        }));
        return new Command("floating", "Pools of floating IPs") { create, delete, list };
    }
}
