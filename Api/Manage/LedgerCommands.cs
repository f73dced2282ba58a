using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>What the ledger tells: who had what, whether all is sound, and which services there are.</summary>
internal static class LedgerCommands
{
    /// <summary>The audit's counts that are 0 in a sound cloud.</summary>
    private static readonly string[] Unsound = ["leaks", "duplicate_addresses", "orphan_bindings", "wrong_states", "misplaced"];

    public static Command Orphans(Globals globals)
    {
        var command = new Command("orphans", "VNICs whose network service is not installed any more");
        command.SetAction(globals.Verb(async (_, api, screen) => screen.Rows(
            await api.List($"/{NovaClient.Version}/orphans", "orphans"),
            "id", "network_service", "project_id", "address", "instance_id", "host")));
        var id = new Argument<string>("vnic_id");
        var delete = new Command("delete", "Deletes one that no instance has") { id };
        delete.SetAction(globals.Verb(async (parsed, api, _) =>
            await api.Delete($"/{NovaClient.Version}/orphans/{Uri.EscapeDataString(parsed.GetValue(id)!)}")));
        command.Add(delete);
        return command;
    }

    public static Command Processes(Globals globals)
    {
        var list = new Command("list", "Silos and agents: whether enabled, whether up");
        list.SetAction(globals.Verb(async (_, api, screen) => screen.Rows(
            (await api.Get($"/{NovaClient.Version}/os-services"))["services"] as JsonArray ?? [],
            "binary", "host", "zone", "status", "state", "updated_at", "disabled_reason")));
        return new Command("service", "The processes of the cloud") { list };
    }

    public static Command History(Globals globals)
    {
        var network = new Option<string?>("--network") { Description = "Of this network" };
        var address = new Option<string?>("--address") { Description = "Of this address: who had it, and when" };
        var vnic = new Option<string?>("--vnic") { Description = "Of this VNIC" };
        var command = new Command("history", "Every change: who, what, when, why") { network, address, vnic };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            IEnumerable<string> filters =
                from filter in new[] { ("network", network), ("address", address), ("vnic", vnic) }
                let value = parsed.GetValue(filter.Item2)
                where value is not null
                select $"{filter.Item1}={Uri.EscapeDataString(value)}";
            string query = string.Join('&', filters);
            JsonNode answer = await api.Get($"/{NovaClient.Version}/history{(query.Length == 0 ? "" : "?" + query)}");
            screen.Rows(
                answer["history"] as JsonArray ?? [],
                "at", "actor", "what", "address", "network_id", "vnic_id", "generation", "why");
        }));
        return command;
    }

    public static Command Audit(Globals globals)
    {
        var command = new Command("audit", "Checks that no address is held twice and none leaks; fails if one is");
        command.SetAction(globals.Verb(async (_, api, screen) =>
        {
            JsonNode answer = await api.Get("/audit");
            screen.Record(answer, "audit");
            JsonNode audit = answer["audit"] ?? answer;
            if (Unsound.Any(f => audit[f]?.ToString() is not (null or "0")))
            {
                throw new ApiFault("the ledger is not sound: see the findings above", ApiFault.Refused);
            }
        }));
        return command;
    }

    public static Command Services(Globals globals)
    {
        var command = new Command("services", "The network services that are installed");
        command.SetAction(globals.Verb(async (_, api, screen) =>
            screen.Rows(await ServiceGroup.Installed(api), "name", "path", "version")));
        return command;
    }
}
