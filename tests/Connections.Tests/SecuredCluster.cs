using System.Net;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Testing;
using NovaOrleans.Testing.Clusters;
using Orleans.Configuration;

namespace NovaOrleans.Connections;

/// <summary>Two silos, a facade and the agent of <c>host1</c> as processes, each with a certificate of its role.</summary>
public sealed class SecuredCluster : IAsyncLifetime
{
    private readonly Authority _authority = new();

    public NovaCluster Nova { get; private set; } = null!;

    public IPEndPoint SiloPort => new(IPAddress.Loopback, Nova.Plan.Ports[1]);

    public IPEndPoint Gateway => new(IPAddress.Loopback, Nova.Plan.Ports[2]);

    internal Authority Authority => _authority;

    public async Task InitializeAsync() => Nova = await NovaCluster.Start(new ClusterPlan
    {
        Silos = 2,
        Facades = 1,
        Agents = 1,
        SiloOptions = Authority.Options(_authority.FilesOf("silo")),
        FacadeOptions = Authority.Options(_authority.FilesOf("api")),
        AgentOptions = Authority.Options(_authority.FilesOf("host/host1")),
    });

    public async Task DisposeAsync()
    {
        await Nova.DisposeAsync();
        _authority.Dispose();
    }

    /// <summary>An Orleans client of the first silo's gateway.</summary>
    public async Task<IHost> Client(CertificateFiles? files, Peer? pretends = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(Gateway)
                .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ("nova", "nova"))
                .Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(20))
                .UseClusterCertificates(files);
            if (pretends is not null)
            {
                ClientIdentity.Take(client.Services, pretends);
            }
        });
        IHost host = builder.Build();
        try
        {
            // Who is refused tries again and again.
            await host.StartAsync().WaitAsync(TimeSpan.FromSeconds(pretends is null ? 30 : 4));
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The lines of both silos' logs that hold the text.</summary>
    public string[] Lines(string text) =>
        [.. Nova.Silos.SelectMany(s => Read(s).Split('\n')).Where(l => l.Contains(text, StringComparison.Ordinal))];

    /// <summary>One line comes; a second one would have come with it.</summary>
    public async Task<string> TheLine(string text)
    {
        try
        {
            await Poll.Until(() => Lines(text).Length > 0, $"a line with '{text}'");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; the silos said:\n{Nova.Logs(6000)}", late);
        }

        return Assert.Single(Lines(text));
    }

    private static string Read(ClusterProcess silo)
    {
        using var file = new FileStream(silo.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
