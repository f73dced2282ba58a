using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing;
using Xunit.Abstractions;

namespace NovaOrleans.Systems;

/// <summary>A thousand creates at once on one network, and on until its pool is full.</summary>
public sealed class FullPoolTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string TakenMac = "02:00:00:00:00:01";

    /// <summary>A /22 without its network, broadcast and gateway addresses.</summary>
    private const int Usable = 1024 - 3;

    private readonly NovaServer _server = new();
    private string _network = "";

    public async Task InitializeAsync()
    {
        await _server.Start();
        await _server.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat_dhcp"}""");
        NovaServer.Answer made = await _server.Post(
            "/v1.1/flat_dhcp/networks", """{"network":{"label":"wide","cidr":"10.9.0.0/22"}}""");
        _network = (string)made.Body!["network"]!["id"]!;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    [Trait("seed", "R10"), Trait("seed", "R14")]
    public async Task A_thousand_at_once_get_as_many_addresses_and_the_first_one_too_many_is_told_why()
    {
        Assert.Equal(HttpStatusCode.Created, (await Create($", \"mac_address\":\"{TakenMac}\"", "first")).Status);
        var addresses = new HashSet<string>();
        var times = new List<double>();
        NovaServer.Answer?[] answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            long began = Stopwatch.GetTimestamp();
            NovaServer.Answer answer = await Create(i == 500 ? $", \"mac_address\":\"{TakenMac}\"" : "", $"key-{i}");
            lock (times)
            {
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return answer;
        }));
        times.Sort();
        output.WriteLine($"1,000 concurrent creates: p50 {times[500]:0.0} ms, p99 {times[990]:0.0} ms");

        Assert.Equal(HttpStatusCode.Conflict, answers[500]!.Status);
        Assert.Equal("MacInUse", (string?)answers[500]!.Body!["macInUse"]!["reason"]);
        foreach (NovaServer.Answer? answer in answers.Where((_, i) => i != 500))
        {
            Assert.Equal(HttpStatusCode.Created, answer!.Status);
            Assert.True(addresses.Add(Address(answer)), "an address was handed out twice");
        }

        NovaServer.Answer last;
        while ((last = await Create("", null)).Status == HttpStatusCode.Created)
        {
            Assert.True(addresses.Add(Address(last)), "an address was handed out twice");
        }

        // The very first card holds one address more than were counted here.
        Assert.Equal(Usable - 1, addresses.Count);
        Assert.Equal(HttpStatusCode.Conflict, last.Status);
        JsonNode fault = last.Body!["noMoreAddresses"]!;
        Assert.Equal(
            (_network, $"{Usable}", $"{Usable}", "0", "0"),
            (Text(fault, "network"), Text(fault, "size"), Text(fault, "held"), Text(fault, "reserved"), Text(fault, "quarantined")));

        NovaServer.Answer again = await Create("", "key-7");
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.Equal((string?)answers[7]!.Body!["ethernet_card"]!["id"], (string?)again.Body!["ethernet_card"]!["id"]);
        Assert.Equal(HttpStatusCode.Conflict, (await Create(", \"name\":\"other\"", "key-7")).Status);
    }

    private Task<NovaServer.Answer> Create(string more, string? key) => _server.Post(
        "/v1.1/flat_dhcp/ethernet_cards", $$$"""{"ethernet_card":{"network_id":"{{{_network}}}"{{{more}}}}}""", key);

    private static string Address(NovaServer.Answer answer) =>
        (string)answer.Body!["ethernet_card"]!["ports"]![0]!["address"]!;

    private static string? Text(JsonNode node, string name) => node[name]?.ToString();
}
