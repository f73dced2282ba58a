using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaOrleans.Hosting;
using NovaOrleans.Hosts;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Projects;
using NovaOrleans.Testing;
using Orleans.TestingHost;

namespace NovaOrleans.Api;

/// <summary>
/// The facade on a real Kestrel and a port of the system's choice, before a silo in this process with the real grains
/// over an SQLite file. Projects blue (test.net.blue) and red (test.net.red) are there, and a live host node1.
/// </summary>
public sealed class Facade : IAsyncLifetime, IDisposable
{
    public const string Token = "a-token-for-these-tests";
    private static readonly string[] ServicePaths = ["test.net.blue", "test.net.red"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nova-api-");
    private readonly HttpClient _http = new();
    private InProcessTestCluster? _cluster;
    private WebApplication? _app;
    private volatile bool _ended;

    public IGrainFactory Grains => _cluster!.Client;

    public Uri Address => _http.BaseAddress!;

    public async Task InitializeAsync()
    {
        string file = Path.Combine(_folder.FullName, "ledger.db");
        await using (LedgerDatabase database = LedgerDatabase.Sqlite(file))
        {
            await LedgerMigrations.Apply(database);
        }

        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSqliteLedger(file).AddNovaGrains().AddNetworkServices(Services(), Blue);
            silo.AddMemoryGrainStorage(SettingsStorage.Name);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        foreach (string path in ServicePaths)
        {
            var service = ServicePath.Parse(path);
            IProjectGrain project = Grains.GetGrain<IProjectGrain>(service.ShortName);
            await project.Create(null, "test");
            await project.SetNetworkService(service, false, "test");
        }

        await Open("node1");
        _app = Build(new NovaApiOptions { AdminToken = Token, DefaultProject = null });
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.First());
    }

    /// <summary>A live compute host, as its agent would make itself known.</summary>
    public async Task Open(string name)
    {
        IHostGrain host = Grains.GetGrain<IHostGrain>(name);
        var hello = new HostHello("1.0", "none", ServicePaths.ToDictionary(p => p, _ => "1.0.0"));
        HostSession session = await host.OpenSession(hello);
        RenewHost renewal = new(session.Epoch, -1, hello);
        Assert.False((await host.Renew(renewal, null)).Refused);
        _ = Live(host, renewal);
    }

    /// <summary>A host is live as long as it renews, and these tests may take longer than that lasts.</summary>
    private async Task Live(IHostGrain host, RenewHost renewal)
    {
        using PeriodicTimer tick = new(TimeSpan.FromSeconds(3));
        while (!_ended && await tick.WaitForNextTickAsync() && !_ended && !(await host.Renew(renewal, null)).Refused)
        {
            // Until it is fenced.
        }
    }

    /// <summary>The folder of the solution, for what the documentation promises.</summary>
    public static string Root
    {
        get
        {
            DirectoryInfo folder = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "NovaOrleans.sln")))
            {
                folder = folder.Parent!;
            }

            return folder.FullName;
        }
    }

    public static ServicePath Blue { get; } = ServicePath.Parse(ServicePaths[0]);

    /// <summary>Another facade before the same silo.</summary>
    public WebApplication Build(NovaApiOptions options, string urls = "http://127.0.0.1:0")
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(urls);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Grains);
        builder.Services.AddNetworkServices(Services(), Blue);
        builder.Services.AddNovaApi(options);
        return builder.Build().MapNovaApi();
    }

    public void Dispose() => _http.Dispose();

    public async Task DisposeAsync()
    {
        _ended = true;
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

    /// <summary>Sends a request with the admin's token, for the project in <paramref name="project"/> if any.</summary>
    public async Task<Answer> Send(
        string method,
        string path,
        string? body = null,
        string? project = null,
        params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = ApiMessage.Of($"{method} {path}", Token, project, body);
        foreach ((string name, string value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        return await Answer.Read(response);
    }

    private static LoadedNetworkServices Services() => new([.. ServicePaths.Select(p => new TestService(p))], [], []);
}

/// <summary>What came back, to be looked at as text, JSON or XML.</summary>
public sealed record Answer(int Status, string? Type, string Text, string? Location, string? RetryAfter, string? Allow)
{
    public string? RequestId { get; init; }

    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public XElement Xml => XDocument.Parse(Text).Root!;

    /// <summary>The fault inside its envelope.</summary>
    public JsonObject Fault => Json.Single().Value!.AsObject();

    public string Message => (string)Fault["message"]!;

    public static async Task<Answer> Read(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        await response.Content.ReadAsStringAsync(),
        response.Headers.Location?.ToString(),
        response.Headers.RetryAfter?.ToString(),
        response.Content.Headers.Allow.Count > 0 ? string.Join(", ", response.Content.Headers.Allow) : null)
    {
        RequestId = response.Headers.TryGetValues("X-Request-Id", out IEnumerable<string>? ids) ? ids.Single() : null,
    };
}

[CollectionDefinition("facade")]
public sealed class FacadeCollection : ICollectionFixture<Facade>;
