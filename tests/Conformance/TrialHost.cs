using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Host;
using NovaOrleans.Hosts;

namespace NovaOrleans.Conformance;

/// <summary>A compute host in memory, at work: the product's agent with the plug-in loaded for itself, and a way to the server's grains.</summary>
internal sealed class TrialHost : IAsyncDisposable
{
    public const string Name = "h1";

    /// <summary>Where other hosts reach it, for overlays; on a link of its own that has room for what carrying costs.</summary>
    public static Ip4Address Address { get; } = Ip4Address.Parse("192.0.2.1");

    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceProvider _services;
    private readonly Task _running;

    public TrialHost(TrialServer server, PlugIn plugIn)
    {
        Host = FurnishedFor(plugIn);
        var services = new ServiceCollection();
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.None));
        services.AddSingleton<IHostDoor>(new Door(server));
        services.AddSingleton(Host);
        services.AddNovaAgent(
            new AgentOptions { Host = Name, Fake = true, State = Path.GetTempPath() }, plugIn.Load().Services);
        _services = services.BuildServiceProvider();
        _running = Task.WhenAll(
            _services.GetRequiredService<AssignmentIntake>().Listen(_stop.Token),
            _services.GetRequiredService<ReconcileLoop>().Run(_stop.Token));
    }

    public FakeHost Host { get; }

    /// <summary>A host with the links that the plug-in's file names.</summary>
    public static FakeHost FurnishedFor(PlugIn plugIn)
    {
        var host = new FakeHost { Address = Address };
        host.AddForeignLink("carrier", LinkKind.Veth, mtu: 1600);
        host.ChangeLink("carrier", l => l with { Addresses = l.Addresses.Add($"{Address}/24") });
        foreach (string link in plugIn.Script.Links)
        {
            host.AddForeignLink(link, LinkKind.Veth);
        }

        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _services.DisposeAsync();
        _stop.Dispose();
    }

    private sealed class Door(TrialServer server) : IHostDoor
    {
        private IHostObserver? _ear;

        public Task<IHostGrain> Open(CancellationToken stop) => Task.FromResult(server.Client.GetGrain<IHostGrain>(Name));

        public IHostObserver Ear(IHostObserver listener) => _ear ??= server.Client.CreateObjectReference<IHostObserver>(listener);

        public Task Rebuild()
        {
            _ear = null;
            return Task.CompletedTask;
        }
    }
}
