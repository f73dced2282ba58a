using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Hosts;
using NovaOrleans.Networks;
using NovaOrleans.Outcomes;
using NovaOrleans.Projects;
using NovaOrleans.Testing;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Connections;

/// <summary>Row f: who has no business in a cluster is refused, each with one line in a silo's log; and who has is let in.</summary>
public sealed class RefusalTests(SecuredCluster cluster) : IClassFixture<SecuredCluster>
{
    [Fact]
    public async Task Members_a_facade_and_an_agent_with_their_own_certificates_bind_a_VNIC()
    {
        ClusterHttp http = cluster.Nova.Http;
        await Made(http.Post("/v1.1/projects", """{"project":{"id":"demo"}}"""));
        await Made(http.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat_dhcp"}"""));
        await Made(http.Post("/v1.1/flat_dhcp/networks", """{"network":{"label":"blue","cidr":"10.9.0.0/24"}}"""));
        ClusterHttp.Answer made = await Made(http.Post("/v1.1/servers", """{"server":{"name":"web1","host":"host1"}}"""));
        string path = $"/v1.1/servers/{made.Body!["server"]!["id"]}";
        await Poll.Until(
            async () => (string?)(await http.Get(path)).Body!["server"]!["status"] == "ACTIVE", "the agent reports the bind",
            TimeSpan.FromMinutes(1));
        using IHost api = await cluster.Client(cluster.Authority.FilesOf("api"));
        var silos = await Grains(api).GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        Assert.Equal(2, silos.Count);
    }

    [Fact]
    public async Task Plain_TCP_is_refused_at_both_ports()
    {
        foreach ((IPEndPoint door, string name) in Doors)
        {
            await OneLine(await Knock.Plainly(door), name, "no TLS handshake came about");
        }
    }

    [Fact]
    public async Task Who_shows_no_certificate_or_another_CAs_is_refused_at_both_ports()
    {
        using Authority other = new();
        foreach ((IPEndPoint door, string name) in Doors)
        {
            await OneLine(await Knock.With(door, null), name, "no TLS handshake came about");
            using X509Certificate2 silo = other.CertificateOf("silo");
            await OneLine(await Knock.With(door, silo), name, "is not this cluster's");
        }
    }

    [Fact]
    public async Task Only_a_silos_certificate_passes_the_silo_port()
    {
        foreach (string role in new[] { "host/host1", "api", "admin" })
        {
            using X509Certificate2 certificate = cluster.Authority.CertificateOf(role);
            await OneLine(await Knock.With(cluster.SiloPort, certificate), "silo port", $"is of {role.Replace('/', ' ')}, and only silo");
        }
    }

    [Fact]
    public async Task A_hosts_certificate_reaches_its_own_host_and_no_other()
    {
        using IHost host = await cluster.Client(cluster.Authority.FilesOf("host/host7"));
        IGrainFactory grains = Grains(host);
        Assert.True((await grains.GetGrain<IHostGrain>("host7").Snapshot()).IsSnapshot);
        await Refused(() => grains.GetGrain<IHostGrain>("host1").Snapshot(), "host host7", "IHostGrain.Snapshot");
        // What others say of a host is not its own to say.
        await Refused(() => grains.GetGrain<IHostGrain>("host7").Fence("me"), "host host7", "IHostGrain.Fence");
        await Refused(() => grains.GetGrain<INetworkGrain>(Guid.Empty).Describe(), "host host7", "INetworkGrain.Describe");
        await Refused(() => grains.GetGrain<IProjectListGrain>(0).List(), "host host7", "IProjectListGrain.List");
    }

    [Fact]
    public async Task Management_is_for_operators()
    {
        using IHost host = await cluster.Client(cluster.Authority.FilesOf("host/host8"));
        IManagementGrain management = Grains(host).GetGrain<IManagementGrain>(0);
        await Refused(() => management.GetHosts(), "host host8", "IManagementGrain.GetHosts");
        await Refused(() => management.ForceActivationCollection(TimeSpan.Zero), "host host8", "IManagementGrain.ForceActivationCollection");

        using IHost api = await cluster.Client(cluster.Authority.FilesOf("api"));
        await Refused(() => Grains(api).GetGrain<IManagementGrain>(0).ForceGarbageCollection([]), "api", "IManagementGrain.ForceGarbageCollection");
        await Refused(
            () => Grains(api).GetGrain<IHostGrain>("host1").OpenSession(new HostHello("1.0.0", "fake", new Dictionary<string, string>())),
            "api", "IHostGrain.OpenSession");
        using IHost admin = await cluster.Client(cluster.Authority.FilesOf("admin"));
        Assert.NotEmpty(await Grains(admin).GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics());
    }

    [Fact]
    public async Task A_client_that_calls_itself_another_host_is_hung_up_on()
    {
        Peer another = new(PeerRole.Host, Vocabulary.HostName.Parse("host1"));
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.Client(cluster.Authority.FilesOf("host/host9"), pretends: another));
        await Poll.Until(() => cluster.Lines("refused what host host9 sent").Length > 0, "it is told");
        Assert.All(
            cluster.Lines("refused what host host9 sent"),
            l => Assert.Contains("it calls itself sys.client/host:host1:", l, StringComparison.Ordinal));
    }

    private (IPEndPoint Door, string Name)[] Doors => [(cluster.SiloPort, "silo port"), (cluster.Gateway, "gateway")];

    private static IGrainFactory Grains(IHost client) => client.Services.GetRequiredService<IGrainFactory>();

    private async Task OneLine(string from, string door, string why)
    {
        string line = await cluster.TheLine(from);
        Assert.Contains($"refused a connection to the {door} from", line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
    }

    private async Task Refused(Func<Task> call, string who, string what)
    {
        OperatingFaultException refused = await Assert.ThrowsAsync<OperatingFaultException>(call);
        Assert.False(refused.MayRetry);
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        await cluster.TheLine($"refused a call of {who}: {what}");
    }

    private static async Task<ClusterHttp.Answer> Made(Task<ClusterHttp.Answer> asked)
    {
        ClusterHttp.Answer answer = await asked;
        Assert.True((int)answer.Status < 300, $"{answer}");
        return answer;
    }
}
