using System.Text.Json.Nodes;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Demo;

/// <summary>What only a cluster can show: a silo is killed, and whoever asks is answered.</summary>
internal sealed class SiloAct(ClusterStage stage, Narrator narrator, CancellationToken stop)
{
    private const int Cards = 6;

    public async Task Perform(Troupe troupe, string network)
    {
        narrator.Act("A silo is killed while users ask");
        ClusterProcess victim = stage.Silos[0];
        await narrator.Step($"kill -9 {victim.Id}: {victim.Name}", victim.Kill);
        var made = new List<string>();
        await narrator.Check($"{Cards} cards are made at once, none is refused, no address is given out twice", async () =>
        {
            JsonNode[] cards = await Task.WhenAll(Enumerable.Range(0, Cards).Select(_ => stage.Cloud.Post(
                $"{troupe.Prefix}/ethernet_cards", troupe.Project, new JsonObject { ["network_id"] = network })));
            made.AddRange(cards.Select(c => c["ethernet_card"]!["id"]!.ToString()));
            string[] addresses = [.. cards.Select(c => c["ethernet_card"]!["ports"]![0]!["address"]!.ToString())];
            return addresses.Distinct().Count() == Cards ? null : string.Join(", ", addresses);
        });
        await narrator.Check("all of them are deleted", async () =>
        {
            await Task.WhenAll(made.Select(id => stage.Cloud.Delete($"{troupe.Prefix}/ethernet_cards/{id}", troupe.Project)));
            return null;
        });
        await narrator.Step($"{victim.Name} is back on its endpoint", victim.Start);
        await narrator.Step("the host goes on reporting", () => stage.UntilHostIsVerified(0, stop));
    }
}
