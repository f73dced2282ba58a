using System.Globalization;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Allocate;

/// <summary>A server with a project, and beside it the process that loads its pools' grains.</summary>
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
        await api.Project("demo");
        return new PoolLoad(
            OwnProcess.Start("pool-client", [server.GatewayPort.ToString(CultureInfo.InvariantCulture)]), meter(server.Id), api);
    }

    public Task<string> Network(string cidr) => _api.Network("demo", cidr);

    /// <summary>Creates for so long.</summary>
    public Task<Measured> Create(string network, int outstanding, int seconds) =>
        _meter.Measure(() => Ask($"create {network} {outstanding} {seconds}"));

    public Task Fill(string network, int count) => Ask($"fill {network} {count}");

    /// <summary>Creates so many, and deletes them again; the creates alone are measured.</summary>
    public async Task<Measured> MakeAndDelete(string network, int outstanding, int count)
    {
        Measured made = await _meter.Measure(() => Ask($"make {network} {outstanding} {count}"));
        await Ask($"delete {network} {outstanding}");
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _api.Dispose();
    }

    private Task<LoadReport> Ask(FormattableString order) =>
        _client.Ask<LoadReport>(order.ToString(CultureInfo.InvariantCulture));
}
