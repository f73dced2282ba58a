using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.AgentTests;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices.Flat;
using NovaOrleans.NetworkServices.FlatDhcp;
using NovaOrleans.SamplePlugin;
using NovaOrleans.Testing;

namespace NovaOrleans.LibvirtTests;

/// <summary>An agent composed as in production, with the grain of its host in this process.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceProvider _services;
    private readonly Task _running;

    private TestAgent(AgentOptions options)
    {
        ServiceCollection services = new();
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.None));
        services.AddSingleton<IHostDoor>(Grain);
        services.AddNovaAgent(options, [new FlatNetworkService(), new FlatDhcpNetworkService(), new L2NetworkService()]);
        _services = services.BuildServiceProvider();
        _running = Task.WhenAll(
            _services.GetRequiredService<AssignmentIntake>().Listen(_stop.Token),
            _services.GetRequiredService<ReconcileLoop>().Run(_stop.Token));
    }

    public FakeHostGrain Grain { get; } = new();

    public IComputeDriver Compute => _services.GetRequiredService<IComputeDriver>();

    public static async Task<TestAgent> Start(AgentOptions options)
    {
        TestAgent agent = new(options);
        await Poll.Until(() => agent.Grain.Renewals > 0, "the agent has a session");
        return agent;
    }

    public void Bind(Vm vm)
    {
        for (int nic = 0; nic < vm.Nics; nic++)
        {
            Grain.Bind(vm.Spec, vm.Binding(nic));
        }
    }

    public Task UntilTold(Vm vm, BindingOutcome outcome, int nic = 0) => Poll.Until(
        () => Task.FromResult(Grain.Told.TryGetValue(vm.Vnic(nic), out BindingReport? told) && told.Outcome == outcome),
        () => $"VNIC {nic} of {vm.Spec.Name} is told as {outcome}; told is {Grain.Told.GetValueOrDefault(vm.Vnic(nic))}",
        TimeSpan.FromSeconds(40));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.False(_running.IsFaulted, $"{_running.Exception}");
        await _services.DisposeAsync();
        _stop.Dispose();
    }
}
