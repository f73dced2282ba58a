using System.Net;
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
[Trait("tier", "cluster")]
public sealed class OperationsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("nova-agent-");
    private readonly int _health = FreePorts.One();
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
            "--log_format", "json", "--log_level", "debug", "--dashboard");
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
        await TheDashboardIsForAdmins();
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

    private async Task TheDashboardIsForAdmins()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await Dashboard(null));
        Assert.Equal(HttpStatusCode.Unauthorized, await Dashboard("not-the-token"));
        Assert.Equal(HttpStatusCode.OK, await Dashboard(_server.Token));
    }

    private async Task<HttpStatusCode> Dashboard(string? token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{_health}/dashboard/DashboardCounters");
        if (token is not null)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{token}")));
        }

        using HttpResponseMessage answer = await _anybody.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>A request's own wait for the ledger is in the trace that its HTTP span began.</summary>
    private async Task TracesArrive()
    {
        await Poll.Until(
            () => Task.FromResult(_collector.TracesOf("ledger commit").Intersect(_collector.TracesOf("POST /v1.1/servers")).Any()
                && _collector.TracesOf("host apply").Count > 0),
            () => $"the collector has a request with its commit, and the host's apply; it has {_collector.Bytes} bytes, "
                + $"{_collector.TracesOf("ledger commit").Count} commits, {_collector.TracesOf("POST /v1.1/servers").Count} requests, "
                + $"{_collector.TracesOf("host apply").Count} applies: {string.Join(", ", _collector.Names())}");
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

    /// <summary>Takes whatever is exported by OTLP over gRPC, and finds spans in it by their names.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        /// <summary>Whether the message is compressed, and its length.</summary>
        private const int FrameHeader = 5;

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
                if ((string?)context.Request.RouteValues["kind"] == "trace")
                {
                    lock (_bodies)
                    {
                        _bodies.Add(body.ToArray());
                    }
                }

                context.Response.ContentType = "application/grpc";
                context.Response.DeclareTrailer("grpc-status");
                await context.Response.Body.WriteAsync(new byte[FrameHeader]);
                context.Response.AppendTrailer("grpc-status", "0");
            });
            await _app.StartAsync();
        }

        /// <summary>The ids of the traces that spans of this name belong to, read from the message's own fields.</summary>
        public HashSet<string> TracesOf(string span) =>
        [
            .. from body in All()
               from resource in Fields(body.AsMemory(FrameHeader))
               where resource.Number == 1
               from scope in Fields(resource.Value)
               where scope.Number == 2
               from one in Fields(scope.Value)
               where one.Number == 2
               let fields = Fields(one.Value).ToLookup(f => f.Number, f => f.Value)
               where Encoding.UTF8.GetString(fields[5].First().Span) == span
               select Convert.ToHexString(fields[1].First().Span),
        ];

        public IEnumerable<string> Names() => (from body in All()
                                               from resource in Fields(body.AsMemory(FrameHeader))
                                               from scope in Fields(resource.Value).Where(f => f.Number == 2)
                                               from one in Fields(scope.Value).Where(f => f.Number == 2)
                                               from name in Fields(one.Value).Where(f => f.Number == 5)
                                               select Encoding.UTF8.GetString(name.Value.Span)).Distinct();

        /// <summary>The fields of a message that have a length: messages, texts and bytes.</summary>
        private static IEnumerable<(int Number, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
        {
            for (int at = 0; at < message.Length;)
            {
                ulong key = Number(message.Span, ref at);
                switch (key & 7)
                {
                    case 0:
                        Number(message.Span, ref at);
                        break;
                    case 2:
                        int length = (int)Number(message.Span, ref at);
                        yield return ((int)(key >> 3), message.Slice(at, length));
                        at += length;
                        break;
                    case var kind:
                        at += kind == 1 ? 8 : 4;
                        break;
                }
            }
        }

        private static ulong Number(ReadOnlySpan<byte> bytes, ref int at)
        {
            ulong number = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = bytes[at++];
                number |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return number;
                }
            }
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
