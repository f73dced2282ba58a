using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing;
using Xunit.Abstractions;

namespace NovaOrleans.Systems;

/// <summary>The verbs <c>backup</c> and <c>restore</c> beside a cloud that works: backup, wipe, restore, audit.</summary>
public abstract class BackupTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nova-backup-");
    private readonly ConcurrentDictionary<string, string> _acknowledged = new();
    private NovaServer _server = null!;
    private NovaProcess? _agent;
    private string _network = "";

    protected abstract Task<NovaServer> Make();

    protected abstract string Database { get; }

    protected abstract string[] Where(NovaServer server);

    protected abstract Task<IReadOnlyList<string>> AllRows(NovaServer server);

    public async Task InitializeAsync()
    {
        _server = await Make();
        await _server.Start();
        _agent = NovaProcess.Start(
            "AgentClient",
            ["--fake", "--host", "h1", "--state", _folder.FullName, "--gateway", $"127.0.0.1:{_server.GatewayPort}", .. NovaServer.Services]);
    }

    public async Task DisposeAsync()
    {
        await (_agent?.DisposeAsync() ?? default);
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Backup_wipe_restore_and_audit_give_the_same_cloud_again()
    {
        await Populate();
        using CancellationTokenSource enough = new();
        Task load = Task.WhenAll(Enumerable.Range(0, 4).Select(n => Create($"load-{n}", enough.Token)));
        await Poll.Until(() => _acknowledged.Count > 20, "the load is on");
        HashSet<string> before = [.. _acknowledged.Values];
        string early = await Verb("backup", "early.backup");
        int meanwhile = _acknowledged.Count;
        await Poll.Until(() => _acknowledged.Count > meanwhile, "the load goes on after the backup");
        await enough.CancelAsync();
        await load;

        string refused = await Verb("restore", "early.backup", 1, "--wipe", Database);
        Assert.Contains("in use", refused, StringComparison.Ordinal);
        await _server.Kill();
        IReadOnlyList<string> rows = await AllRows(_server);
        string late = await Verb("backup", "late.backup");
        Assert.Contains($"--wipe {Database}", await Verb("restore", "early.backup", 1), StringComparison.Ordinal);

        output.WriteLine($"figure: backup under load: {early}");
        output.WriteLine($"figure: backup at rest: {late}");
        output.WriteLine($"figure: restore of the one under load: {await Verb("restore", "early.backup", 0, "--wipe", Database)}");
        await _server.Start();
        await Sound();
        HashSet<string> there = await Cards();
        Assert.Empty(before.Except(there));
        Assert.NotEmpty(_acknowledged.Values.Except(there));

        await _server.Kill();
        output.WriteLine($"figure: restore of the one at rest: {await Verb("restore", "late.backup", 0, "--wipe", Database)}");
        IReadOnlyList<string> restored = await AllRows(_server);
        Assert.Equal(rows, restored);
        await _server.Start();
        await Sound();
        Assert.Empty(_acknowledged.Values.Except(await Cards()));
        Assert.Equal(HttpStatusCode.Created, (await Card("after")).Status);
        output.WriteLine($"figure: {restored.Count:N0} rows were identical after backup, wipe and restore; audit clean");
    }

    private async Task Populate()
    {
        Assert.Equal(
            HttpStatusCode.OK,
            (await _server.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat_dhcp"}""")).Status);
        NovaServer.Answer network =
            await _server.Post("/v1.1/flat_dhcp/networks", """{"network":{"label":"blue","cidr":"10.8.0.0/16"}}""");
        _network = (string)network.Body!["network"]!["id"]!;
        await Poll.Until(
            async () => (string?)(await _server.Get("/v1.1/hosts/h1")).Body?["host"]?["status"] == "LIVE", "the host is live",
            TimeSpan.FromSeconds(40));
        NovaServer.Answer server = await _server.Post("/v1.1/servers", """{"server":{"name":"web1","metadata":{"k":"é ∀"}}}""");
        Assert.True(server.Status == HttpStatusCode.Accepted, $"{server.Body}");
        await Poll.Until(
            async () => (string?)(await _server.Get($"/v1.1/servers/{server.Body!["server"]!["id"]}")).Body!["server"]!["status"]
                == "ACTIVE",
            "the instance is active");
    }

    private async Task Create(string name, CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            NovaServer.Answer made = await Card($"{name}-{i}");
            Assert.Equal(HttpStatusCode.Created, made.Status);
            _acknowledged[$"{name}-{i}"] = (string)made.Body!["ethernet_card"]!["id"]!;
        }
    }

    private Task<NovaServer.Answer> Card(string key) =>
        _server.Post("/v1.1/flat_dhcp/ethernet_cards", $$$"""{"ethernet_card":{"network_id":"{{{_network}}}"}}""", key);

    private async Task<HashSet<string>> Cards()
    {
        HashSet<string> ids = [];
        string marker = "";
        while (true)
        {
            JsonArray page = (await _server.Get($"/v1.1/flat_dhcp/ethernet_cards?limit=1000{marker}")).Body!["ethernet_cards"]!.AsArray();
            ids.UnionWith(page.Select(c => (string)c!["id"]!));
            if (page.Count < 1000)
            {
                return ids;
            }

            marker = $"&marker={page[^1]!["id"]}";
        }
    }

    private async Task Sound()
    {
        JsonNode audit = (await _server.Get("/audit")).Body!["audit"]!;
        Assert.True(audit["findings"]!.AsArray().Count == 0, audit.ToJsonString());
        Assert.Equal(1, (int)audit["networks"]!);
        Assert.Equal((int)audit["vnics"]!, (int)audit["held_addresses"]!);
    }

    /// <summary>What the program said, which ends as expected.</summary>
    private async Task<string> Verb(string verb, string file, int exit = 0, params string[] options)
    {
        await using NovaProcess silo =
            NovaProcess.Start("Silo", [verb, Path.Combine(_folder.FullName, file), .. Where(_server), .. options]);
        (int ended, string said, string errors) = await silo.Ended(TimeSpan.FromMinutes(1));
        Assert.True(ended == exit, $"{verb} {file} ended with {ended}:\n{said}\n{errors}");
        return (exit == 0 ? said : errors).Trim();
    }
}

public sealed class EmbeddedBackupTests(ITestOutputHelper output) : BackupTests(output)
{
    protected override string Database => "nova.db";

    protected override Task<NovaServer> Make() => Task.FromResult(new NovaServer());

    protected override string[] Where(NovaServer server) => ["--data", server.Folder];

    protected override Task<IReadOnlyList<string>> AllRows(NovaServer server) =>
        Testing.AllRows.OfFile(Path.Combine(server.Folder, "nova.db"));
}

public sealed class ClusterBackupTests(ITestOutputHelper output) : BackupTests(output)
{
    private string _database = "";

    protected override string Database => _database.Split(';').Single(p => p.StartsWith("Database=", StringComparison.Ordinal))[9..];

    protected override async Task<NovaServer> Make() =>
        new(_database = await (await PostgresCluster.Instance).CreateDatabase());

    protected override string[] Where(NovaServer server) => ["--data", server.Folder, "--database", _database];

    protected override Task<IReadOnlyList<string>> AllRows(NovaServer server) => Testing.AllRows.OfPostgres(_database);
}
