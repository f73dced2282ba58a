using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaOrleans.Api;
using NovaOrleans.Hosting;
using NovaOrleans.Hosts;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Projects;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;
using Orleans.TestingHost;

namespace NovaOrleans.Routes;

/// <summary>
/// The three built-in services and a third party's as an operator has them: loaded from what their builds placed, in a silo
/// with the real grains over an SQLite file and behind a facade on a real port.
/// </summary>
public sealed class BuiltInCloud : IAsyncLifetime, IDisposable
{
    public const string Token = "a-token-for-these-tests";

    /// <summary>Loaded once, as in any process: a second load of a service with a grain of its own would be a second such grain.</summary>
    private static readonly Lazy<LoadedNetworkServices> s_loaded = new(Load);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nova-plugins-");
    private readonly HttpClient _http = new();
    private readonly ErrorLog _errors = new();
    private int _cidrs;
    private InProcessTestCluster? _cluster;
    private WebApplication? _app;

    public IGrainFactory Grains => _cluster!.Client;

    /// <summary>The facade's own parts.</summary>
    public IServiceProvider Facade => _app!.Services;

    public Uri Address => _http.BaseAddress!;

    public NetworkServiceManager Services => _app!.Services.GetRequiredService<NetworkServiceManager>();

    /// <summary>A /24 that no other test of this cloud has.</summary>
    public string FreshCidr() => $"10.{Interlocked.Increment(ref _cidrs)}.0.0/24";

    /// <summary>Ends all activations, so that what they are asked next comes from what was kept.</summary>
    public Task Forget() => Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    /// <summary>A new project that uses the service.</summary>
    public async Task<string> Project(string service)
    {
        string id = $"p{Guid.NewGuid():N}";
        IProjectGrain project = Grains.GetGrain<IProjectGrain>(id);
        Assert.False((await project.Create(null, "test")).Refused);
        var path = ServicePath.Parse(service == "l2" ? "sample.network.l2" : $"nova.network.{service}");
        Assert.False((await project.SetNetworkService(path, false, "test")).Refused);
        return id;
    }

    /// <summary>A live compute host with every service, as its agent would make itself known.</summary>
    public async Task OpenHost(string name)
    {
        IHostGrain host = Grains.GetGrain<IHostGrain>(name);
        var hello = new HostHello("1.0", "none", Services.List().ToDictionary(s => s.Path.Value, s => s.Version));
        HostSession session = await host.OpenSession(hello);
        Assert.False((await host.Renew(new RenewHost(session.Epoch, -1, hello), null)).Refused);
    }

    public async Task InitializeAsync()
    {
        string file = Path.Combine(_folder.FullName, "ledger.db");
        await using (LedgerDatabase database = LedgerDatabase.Sqlite(file))
        {
            await LedgerMigrations.Apply(database);
        }

        LoadedNetworkServices loaded = s_loaded.Value;
        Assert.Empty(loaded.Faults);
        var cluster = new InProcessTestClusterBuilder(1);
        cluster.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSqliteLedger(file).AddNovaGrains();
            silo.Services.AddNetworkServices(loaded, NetworkServiceLocations.SystemDefaultService);
            silo.Services.AddLedgerGrainStorage(SettingsStorage.Name);
        });
        _cluster = cluster.Build();
        await _cluster.DeployAsync();
        WebApplicationBuilder facade = WebApplication.CreateBuilder();
        facade.WebHost.UseUrls("http://127.0.0.1:0");
        facade.Logging.ClearProviders().AddProvider(_errors);
        facade.Configuration["NetworkServices:vlan:vpn_public_address"] = "198.51.100.1";
        facade.Services.AddSingleton(Grains);
        facade.Services.AddNetworkServices(loaded, NetworkServiceLocations.SystemDefaultService);
        facade.Services.AddNovaApi(new NovaApiOptions { AdminToken = Token, DefaultProject = null });
        _app = facade.Build().MapNovaApi();
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.First());
    }

    private static LoadedNetworkServices Load()
    {
        DirectoryInfo services = Directory.CreateTempSubdirectory("nova-plugins-");
        string built = NetworkServiceLocations.Default(AppContext.BaseDirectory, "/nowhere").ServicesFolder;
        foreach (string folder in Directory.EnumerateDirectories(built))
        {
            Place(services, folder, "*", Path.GetFileName(folder));
        }

        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        Place(services, Path.Combine(built, "..", "bin", "SamplePlugin", configuration), "NovaOrleans.SamplePlugin.*", "sample.network.l2");
        Place(services, Path.Combine(built, "..", "bin", "Vxlan", configuration), "Nova.Network.Vxlan.*", "nova.network.vxlan");
        string list = Path.Combine(services.FullName, "nova-network.conf");
        File.WriteAllText(list, File.ReadAllText(Path.Combine(built, "nova-network.conf")) + "sample.network.l2\nnova.network.vxlan\n");
        return NetworkServiceLoader.Load(list, services.FullName);
    }

    private static void Place(DirectoryInfo services, string from, string files, string modulePath)
    {
        string to = services.CreateSubdirectory(modulePath).FullName;
        foreach (string file in Directory.EnumerateFiles(from, files))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    public void Dispose()
    {
        _http.Dispose();
        _errors.Dispose();
    }

    /// <summary>Sends a request for a project; a body is JSON, or XML where it begins with '&lt;'.</summary>
    public async Task<Reply> Send(string request, string? project, string? body = null, string? key = null, string? accept = null,
        string version = "v1.1")
    {
        string[] words = request.Split(' ');
        using HttpRequestMessage message = ApiMessage.Of($"{words[0]} /{version}/{words[1]}", Token, project, body);
        message.Headers.Add("Accept", accept ?? "application/json");
        if (key is not null)
        {
            message.Headers.Add("Idempotency-Key", key);
        }

        return await Send(message);
    }

    /// <summary>Sends a request as it is.</summary>
    public async Task<Reply> Send(HttpRequestMessage message)
    {
        using HttpResponseMessage response = await _http.SendAsync(message);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode < 500 || _errors.Text.Length == 0, _errors.Text);
        return new Reply((int)response.StatusCode, text);
    }
}

/// <summary>What came back.</summary>
public sealed record Reply(int Status, string Text)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public XElement Xml => XElement.Parse(Text);

    /// <summary>The one resource of the answer.</summary>
    public JsonObject Resource => Json.First().Value!.AsObject();

    public string Id => (string)Resource["id"]!;

    /// <summary>The reply itself, if it has this status; otherwise the test ends with what it was.</summary>
    public Reply Is(int status)
    {
        Assert.True(Status == status, $"expected {status}, was {Status}: {Text}");
        return this;
    }
}

[CollectionDefinition("built-in cloud")]
public sealed class BuiltInCloudCollection : ICollectionFixture<BuiltInCloud>;
