using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing;

namespace NovaOrleans.Systems;

/// <summary>A server that is killed while it works, and started again on the same folder.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private readonly NovaServer _server = new();

    public Task InitializeAsync() => _server.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task What_was_acknowledged_is_there_after_kill_9_and_the_next_address_is_a_free_one()
    {
        string[] services = ["flat", "flat_dhcp", "vlan"];
        string[] networks =
        [
            await Network(services[0], "10.1.0.0/24"),
            await Network(services[1], "10.2.0.0/24"),
            await Network(services[2], "10.3.0.0/24"),
        ];

        // The kill falls among the last of them: some are acknowledged, some are cut off.
        var acknowledged = new ConcurrentDictionary<string, (string Id, string Address)>();
        int answered = 0;
        Task[] creates = [.. Enumerable.Range(0, 80).Select(async i =>
        {
            try
            {
                (string id, string address) = await Card(services[2], networks[2], $"key-{i}");
                acknowledged[$"key-{i}"] = (id, address);
                if (Interlocked.Increment(ref answered) == 50)
                {
                    await _server.Kill();
                }
            }
            catch (HttpRequestException)
            {
                // Its outcome is unknown; it is asked for again below, with the same key.
            }
        })];
        await Task.WhenAll(creates);
        Assert.True(acknowledged.Count >= 50, $"{acknowledged.Count} of 80 were acknowledged before the kill");
        await _server.Start();

        for (int i = 0; i < 3; i++)
        {
            await Uses(services[i]);
            NovaServer.Answer there = await _server.Get($"/v1.1/{services[i]}/networks/{networks[i]}");
            Assert.Equal(HttpStatusCode.OK, there.Status);
        }

        foreach ((string key, (string id, string address)) in acknowledged)
        {
            NovaServer.Answer card = await _server.Get($"/v1.1/vlan/ethernet_cards/{id}");
            Assert.Equal(HttpStatusCode.OK, card.Status);
            Assert.Equal((id, address), await Card("vlan", networks[2], key));
        }

        var held = acknowledged.Values.Select(a => a.Address).ToHashSet();
        Assert.Equal(acknowledged.Count, held.Count);
        for (int i = 0; i < 80; i++)
        {
            (_, string address) = await Card("vlan", networks[2], $"key-{i}");
            Assert.True(acknowledged.ContainsKey($"key-{i}") || held.Add(address), $"{address} was handed out twice");
        }

        JsonNode audit = (await _server.Get("/audit")).Body!["audit"]!;
        Assert.Equal(
            (80, 0, 0),
            ((int)audit["held_addresses"]!, (int)audit["leaks"]!, (int)audit["duplicate_addresses"]!));
    }

    private async Task Uses(string service) => Assert.Equal(
        HttpStatusCode.OK,
        (await _server.Put("/v1.1/projects/demo/network_service", $$"""{"network_service":"{{service}}"}""")).Status);

    private async Task<string> Network(string service, string cidr)
    {
        await Uses(service);
        NovaServer.Answer made = await _server.Post(
            $"/v1.1/{service}/networks", $$$"""{"network":{"label":"{{{service}}}","cidr":"{{{cidr}}}"}}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return (string)made.Body!["network"]!["id"]!;
    }

    private async Task<(string Id, string Address)> Card(string service, string network, string key)
    {
        NovaServer.Answer made = await _server.Post(
            $"/v1.1/{service}/ethernet_cards", $$$"""{"ethernet_card":{"network_id":"{{{network}}}"}}""", key);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        JsonNode card = made.Body!["ethernet_card"]!;
        return ((string)card["id"]!, (string)card["ports"]![0]!["address"]!);
    }
}
