using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Why a packet passes, or does not: <c>explain VNIC to 10.0.0.7 tcp/22</c>.</summary>
internal static class ExplainCommand
{
    private const string Accepted = "'to' or 'from', an address, and perhaps tcp/22, udp/53 or icmp, as in: to 10.0.0.7 tcp/22";

    public static Command Make(Globals globals)
    {
        var vnic = new Argument<string>("vnic_id");
        var flow = new Argument<string[]>("flow") { Description = Accepted, Arity = new ArgumentArity(0, 3) };
        var command = new Command(
            "explain", "Which rule lets a flow pass or drops it, or where a host is not as it should be; fails where it is dropped")
        {
            vnic, flow,
        };
        command.SetAction(globals.Verb(async (parsed, api, screen) =>
        {
            JsonNode answer = await api.Get(
                $"/{NovaClient.Version}/vnics/{Uri.EscapeDataString(parsed.GetValue(vnic)!)}/explain{Query(parsed.GetValue(flow)!)}");
            screen.Story(answer, "flow");
            if (answer["flow"]?["verdict"]?.ToString() is "dropped" or "drift")
            {
                throw new ApiFault("it does not pass", ApiFault.Refused);
            }
        }));
        return command;
    }

    private static string Query(string[] words)
    {
        if (words.Length == 0)
        {
            return "";
        }

        if (words is not ["to" or "from", var peer, .. var rest])
        {
            throw new ApiFault($"'{string.Join(' ', words)}' is no flow; accepted is {Accepted}", ApiFault.NotUnderstood);
        }

        string[] parts = rest is [var named] ? named.Split('/') : [];
        return $"?{words[0]}={Uri.EscapeDataString(peer)}"
            + (parts.Length > 0 ? $"&protocol={Uri.EscapeDataString(parts[0])}" : "")
            + (parts.Length > 1 ? $"&port={Uri.EscapeDataString(parts[1])}" : "");
    }
}
