using System.Globalization;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Allocate;

/// <summary>A server with a project or two, and beside it the process that loads its pools' grains.</summary>
internal sealed class PoolLoad : IAsyncDisposable
{
    private readonly OwnProcess _client;
    private readonly Meter _meter;
    private readonly BenchApi _api;

    private PoolLoad(OwnProcess client, Meter meter, BenchApi api) => (_client, _meter, _api) = (client, meter, api);

    public static async Task<PoolLoad> Start(NovaServer server, Func<int, Meter> meter)
    {
        await server.Start();
        BenchApi api = new(server.Address, server.Token);
        return new PoolLoad(
            OwnProcess.Start("pool-client", [server.GatewayPort.ToString(CultureInfo.InvariantCulture)]), meter(server.Id), api);
    }

    /// <summary>A project with a limit of fixed IPs of its own, if one is given.</summary>
    public Task Project(string project, long? fixedIps = null) => _api.Project(project, fixedIps);

    public async Task<Pool> Network(string project, string cidr) => new(project, await _api.Network(project, cidr));

    /// <summary>Creates for so long.</summary>
    public Task<Measured> Create(Pool pool, int outstanding, int seconds) =>
        _meter.Measure(() => Ask($"create {pool.Project} {pool.Network} {outstanding} {seconds}"));

    public Task Fill(Pool pool, int count) => Ask($"fill {pool.Project} {pool.Network} {count}");

    /// <summary>Creates so many, and deletes them again; the creates alone are measured.</summary>
    public async Task<Measured> MakeAndDelete(Pool pool, int outstanding, int count)
    {
        Measured made = await _meter.Measure(() => Ask($"make {pool.Project} {pool.Network} {outstanding} {count}"));
        await Ask($"delete {pool.Network} {outstanding}");
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _api.Dispose();
    }

    /// <summary>A network's, and the project that creates in it.</summary>
    public readonly record struct Pool(string Project, string Network);

    private Task<LoadReport> Ask(FormattableString order) =>
        _client.Ask<LoadReport>(order.ToString(CultureInfo.InvariantCulture));
}
