using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NovaOrleans.Testing;
using Npgsql;

namespace NovaOrleans.Systems;

/// <summary>What an operator sees of a silo and an agent: health, figures, traces, and one id through all logs.</summary>
public sealed class OperationsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("nova-agent-");
    private readonly int _health = FreePort();
    private readonly Collector _collector = new();
    private readonly HttpClient _anybody = new();
    private string _database = "";
    private NovaServer _server = null!;
    private NovaProcess _agent = null!;

    public async Task InitializeAsync()
    {
        await _collector.Start();
        _database = await (await PostgresCluster.Instance).CreateDatabase();
        _server = new NovaServer(_database);
        await _server.Start(
            "--health_urls", $"http://127.0.0.1:{_health}", "--otlp_endpoint", _collector.Address, "--audit_seconds", "1",
            "--log_format", "json", "--log_level", "debug");
        _agent = NovaProcess.Start(
            "AgentClient",
            ["--fake", "--host", "h1", "--state", _state.FullName, "--gateway", $"127.0.0.1:{_server.GatewayPort}", "--log_format", "json",
                "--otlp_endpoint", _collector.Address, .. NovaServer.Services]);
    }

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _server.DisposeAsync();
        await _collector.DisposeAsync();
        _anybody.Dispose();
        _state.Delete(recursive: true);
    }

    [Fact]
    public async Task One_id_finds_a_request_in_every_log_figures_are_served_traces_arrive_and_a_lost_ledger_is_told()
    {
        await Launch("launch:42");
        await FiguresAreServed();
        await TracesArrive();
        await ALostLedgerIsTold();

        await _server.Kill();
        await _agent.Kill();
        string[] server = Named("launch:42", (await _server.Ended()).Output), agent = Named("launch:42", (await _agent.Ended(TimeSpan.FromSeconds(9))).Output
            + (await _agent.Ended(TimeSpan.FromSeconds(9))).Errors);
        Assert.Contains(server, l => l.Contains("POST /v1.1/servers", StringComparison.Ordinal));
        Assert.Contains(server, l => l.Contains("created for host h1", StringComparison.Ordinal));
        Assert.Contains(server, l => l.Contains("host h1: told 1 bindings", StringComparison.Ordinal));
        Assert.Contains(agent, l => l.Contains("Applied", StringComparison.Ordinal));
        Assert.All(server.Concat(agent), l => Assert.NotNull(JsonNode.Parse(l)!["LogLevel"]));
    }

    private async Task Launch(string request)
    {
        await _server.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat_dhcp"}""");
        await _server.Post("/v1.1/flat_dhcp/networks", """{"network":{"label":"blue","cidr":"10.8.0.0/24"}}""");
        await Poll.Until(
            async () => (string?)(await _server.Get("/v1.1/hosts/h1")).Body?["host"]?["status"] == "LIVE", "the host is live",
            TimeSpan.FromSeconds(40));
        string id = "";
        // A busy machine may say 503, and with its key a create may be repeated.
        await Poll.Until(async () => (id = await Create(request) ?? "").Length > 0, "the launch is accepted");
        await Poll.Until(
            async () => (string?)(await _server.Get($"/v1.1/servers/{id}")).Body!["server"]!["status"] == "ACTIVE", "it is active");
    }

    /// <summary>The instance's id, once it is accepted.</summary>
    private async Task<string?> Create(string request)
    {
        using HttpRequestMessage launch = new(HttpMethod.Post, new Uri(_server.Address, "/v1.1/servers"))
        {
            Content = new StringContent("""{"server":{"name":"web1"}}""", Encoding.UTF8, "application/json"),
        };
        launch.Headers.Add("X-Auth-Token", _server.Token);
        launch.Headers.Add("X-Project-Id", "demo");
        launch.Headers.Add("X-Request-Id", request);
        launch.Headers.Add("Idempotency-Key", "web1");
        using HttpResponseMessage launched = await _anybody.SendAsync(launch);
        Assert.Equal(request, launched.Headers.GetValues("X-Request-Id").Single());
        return launched.StatusCode == HttpStatusCode.Accepted
            ? (string)JsonNode.Parse(await launched.Content.ReadAsStringAsync())!["server"]!["id"]!
            : null;
    }

    private async Task FiguresAreServed()
    {
        string[] wanted =
        [
            """nova_allocations_total\{[^}]*outcome="held"[^}]*\} [1-9]""", """nova_commit_duration_seconds_bucket\{[^}]*lane="work""",
            """nova_commit_operations_count\{[^}]*lane="holds""", """nova_hosts\{[^}]*status="live"[^}]*\} 1\b""",
            """nova_host_differences\{[^}]*host="h1"[^}]*\} 0\b""", """nova_addresses\{[^}]*state="held"[^}]*\} 1\b""",
            """nova_pool_used\{[^}]*label="blue"[^}]*\} 1\b""", """nova_pool_size\{[^}]*label="blue"[^}]*\} 25\d\b""",
            """nova_audit_findings\{[^}]*kind="leaks"[^}]*\} 0\b""", """nova_drift(\{[^}]*\})? 0\b""", "nova_audit_age_seconds", "dotnet_gc",
        ];
        string figures = "";
        await Poll.Until(
            async () => wanted.All(w => Regex.IsMatch(figures, w))
                || (figures = await _anybody.GetStringAsync($"http://127.0.0.1:{_health}/metrics")).Length == 0,
            () => $"figures {string.Join(", ", wanted.Where(w => !Regex.IsMatch(figures, w)))} are served; there is\n{figures}");
        using HttpResponseMessage there = await _anybody.GetAsync(new Uri(_server.Address, "/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, there.StatusCode);
    }

    /// <summary>A request's own wait for the ledger is in the trace that its HTTP span began.</summary>
    private async Task TracesArrive()
    {
        await Poll.Until(
            () => Task.FromResult(_collector.TracesOf("ledger commit").Intersect(_collector.TracesOf("POST /v1.1/servers")).Any()
                && _collector.TracesOf("host apply").Count > 0),
            () => $"the collector has a request with its commit, and the host's apply; it has {_collector.Bytes} bytes, "
                + $"{_collector.TracesOf("ledger commit").Count} commits, {_collector.TracesOf("POST /v1.1/servers").Count} requests, "
                + $"{_collector.TracesOf("host apply").Count} applies");
    }

    private async Task ALostLedgerIsTold()
    {
        Assert.Equal((200, """{"health":{"status":"ready","missing":[]}}"""), await Health("ready"));
        string name = new NpgsqlConnectionStringBuilder(_database).Database!;
        await Administer($"alter database {name} allow_connections false");
        await Administer($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        await Poll.Until(async () => (await Health("ready")).Status == 503, "the silo says that it is not ready");
        (_, string body) = await Health("ready");
        JsonNode health = JsonNode.Parse(body)!["health"]!;
        Assert.Equal("not ready", (string?)health["status"]);
        Assert.Contains(health["missing"]!.AsArray(), m => (string?)m!["name"] == "ledger");
        Assert.Equal(200, (await Health("live")).Status);
        await Administer($"alter database {name} allow_connections true");
        await Poll.Until(async () => (await Health("ready")).Status == 200, "the silo is ready again");
    }

    private async Task<(int Status, string Body)> Health(string what)
    {
        using HttpResponseMessage answer = await _anybody.GetAsync($"http://127.0.0.1:{_health}/health/{what}");
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task Administer(string sql)
    {
        await using NpgsqlConnection connection =
            new((await PostgresCluster.Instance).ConnectionString("postgres") + ";Pooling=false;Application Name=test");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string[] Named(string request, string log) => [.. log.Split('\n').Where(l => l.Contains(request, StringComparison.Ordinal))];

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Takes whatever is exported by OTLP over gRPC, and finds spans in it by their names.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly List<byte[]> _bodies = [];
        private WebApplication? _app;

        public string Address => _app!.Urls.First();

        public int Bytes => All().Sum(b => b.Length);

        public async Task Start()
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, at => at.Protocols = HttpProtocols.Http2));
            _app = builder.Build();
            _app.MapPost("/opentelemetry.proto.collector.{kind}.v1.{service}/Export", async context =>
            {
                using MemoryStream body = new();
                await context.Request.Body.CopyToAsync(body);
                lock (_bodies)
                {
                    _bodies.Add(body.ToArray());
                }

                context.Response.ContentType = "application/grpc";
                context.Response.DeclareTrailer("grpc-status");
                await context.Response.Body.WriteAsync(new byte[5]);
                context.Response.AppendTrailer("grpc-status", "0");
            });
            await _app.StartAsync();
        }

        /// <summary>
        /// The ids of the traces that spans of this name belong to. In a span's message the trace's id, its own, its parent's and the name
        /// follow each other as fields 1, 2, 4 and 5.
        /// </summary>
        public HashSet<string> TracesOf(string span)
        {
            byte[] name = [0x2A, (byte)span.Length, .. Encoding.UTF8.GetBytes(span)];
            HashSet<string> traces = [];
            foreach (byte[] body in All())
            {
                for (int at = body.AsSpan().IndexOf(name), next; at >= 0; at = next < 0 ? -1 : at + 1 + next)
                {
                    int id = at >= 38 && body[at - 10] == 0x22 && body[at - 38] == 0x0A ? at - 36 : at - 26;
                    if (id >= 2 && body[id - 2] == 0x0A && body[id - 1] == 16)
                    {
                        traces.Add(Convert.ToHexString(body.AsSpan(id, 16)));
                    }

                    next = body.AsSpan(at + 1).IndexOf(name);
                }
            }

            return traces;
        }

        public async ValueTask DisposeAsync() => await (_app?.DisposeAsync() ?? default);

        private byte[][] All()
        {
            lock (_bodies)
            {
                return [.. _bodies];
            }
        }
    }
}
