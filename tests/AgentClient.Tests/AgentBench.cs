using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Host;
using NovaOrleans.Agent.Leases;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>An agent composed as in production, with a grain in this process; it does nothing by itself.</summary>
internal sealed class IdleAgent : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public IdleAgent(
        FakeHostGrain grain, IHostNetwork network, IComputeDriver compute, ILeaseSource? leases = null)
    {
        ServiceCollection services = new();
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.None));
        services.AddSingleton<IHostDoor>(grain);
        services.AddSingleton(network);
        services.AddSingleton(compute);
        services.AddSingleton(leases ?? new NoLeases());
        services.AddNovaAgent(
            new AgentOptions { Host = "h1", Fake = true, State = Path.GetTempPath() },
            [new SketchService("test.one"), new SketchService("test.two")]);
        _services = services.BuildServiceProvider();
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>An agent at work.</summary>
internal sealed class AgentBench : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IdleAgent _agent;
    private readonly FakeHostGrain _grain;
    private readonly Task _running;

    private AgentBench(FakeHostGrain grain, IHostNetwork network, IComputeDriver compute)
    {
        _grain = grain;
        _agent = new IdleAgent(grain, network, compute);
        _running = Task.WhenAll(
            _agent.Get<AssignmentIntake>().Listen(_stop.Token), _agent.Get<ReconcileLoop>().Run(_stop.Token));
    }

    public static AgentBench Start(FakeHostGrain grain, IHostNetwork network, IComputeDriver compute) =>
        new(grain, network, compute);

    public T Get<T>()
        where T : notnull => _agent.Get<T>();

    public Task UntilTold(VnicId vnic, BindingOutcome outcome) => Poll.Until(
        () => _grain.Told.TryGetValue(vnic, out BindingReport? told) && told.Outcome == outcome,
        $"{vnic} is told as {outcome}");

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.False(_running.IsFaulted, $"{_running.Exception}");
        await _agent.DisposeAsync();
    }
}
