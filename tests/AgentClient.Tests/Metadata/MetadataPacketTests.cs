using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Host;
using NovaOrleans.Agent.Metadata;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests.Metadata;

/// <summary>The whole way: a guest that booted asks the address that every cloud has, through the host's own rules.</summary>
[Trait("tier", "kernel")]
public sealed class MetadataPacketTests : PacketBench
{
    [Fact]
    [Trait("seed", "S55")]
    public async Task A_guest_asks_169_254_169_254_and_its_neighbour_hears_of_itself()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true);
        Verified verified = await Make(sketch.Build() with { MetadataBridges = [AgentTests.Sketch.BridgeName(1)] });
        using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        await using BridgeTransport transport = new(new BridgeSockets(Bench.Space.Name), NullLoggerFactory.Instance);
        using MetadataServer server = new(transport, services, NullLoggerFactory.Instance, NullLogger<MetadataServer>.Instance);
        await server.StartAsync(CancellationToken.None);
        server.Seen(Assignment(sketch, 1, 2), verified);

        foreach (int guest in new[] { 1, 2 })
        {
            string address = AgentTests.Sketch.Address(1, guest).ToString();
            await UntilHasAddress(sketch.Space(guest), address);
            await UntilHasRoute(sketch.Space(guest), MetadataPort.Address);
            Assert.Equal(address, await Ask(sketch.Space(guest), "/latest/meta-data/local-ipv4"));
            Assert.Equal($"i-0000000{guest}", await Ask(sketch.Space(guest), "/2009-04-04/meta-data/instance-id"));
        }

        await server.StopAsync(CancellationToken.None);
    }

    private static HostAssignment Assignment(Sketch sketch, params int[] guests) => new HostAssignment(1, 0).With(
        1, new HostRecords(guests.Length, true, [.. guests.Select(g => (HostRecord)Bind(sketch, g))]));

    private static BindRecord Bind(Sketch sketch, int guest)
    {
        InstanceSpec spec = sketch.Spec(guest) with { Facts = InstanceFacts.None with { Number = guest } };
        return new BindRecord(guest, spec, new HostBinding(
            sketch.Vnic(guest), spec.Id, 0, 1, AgentTests.Sketch.Service, spec.Project, spec.Name, null,
            new NetworkInfo(sketch.Mac(guest), AgentTests.Sketch.Address(1, guest), Cidr4.Parse("10.1.0.0/24"))));
    }

    private static async Task<string> Ask(string space, string path)
    {
        using HttpClient client = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                Socket socket = new BridgeSockets(space).Open();
                await socket.ConnectAsync(IPAddress.Parse(MetadataPort.Address), 80, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        return await client.GetStringAsync(new Uri($"http://{MetadataPort.Address}{path}")).WaitAsync(TimeSpan.FromSeconds(20));
    }
}
