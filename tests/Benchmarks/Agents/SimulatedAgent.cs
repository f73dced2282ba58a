using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Agent;
using NovaOrleans.NetworkServices;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Benchmarks.Agents;

/// <summary>The agent itself with an Orleans client of its own, on a host in memory: everything but the kernel.</summary>
internal sealed class SimulatedAgent(IHost host, Task heard) : IBenchHost
{
    public Task Heard => heard;

    public static async Task<SimulatedAgent> Start(
        AgentOptions options, IEnumerable<INetworkService> services, Action<VnicId, long> committed)
    {
        TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddNovaAgent(options with { Fake = true, Compute = "none", ServesMetadata = false }, services);
        // After the agent's own, and so instead of it.
        builder.Services.AddSingleton<IHostLinkSession>(s => new NotedSession(
            s.GetRequiredService<HostLink>(), () => heard.TrySetResult(), committed));
        IHost host = builder.Build();
        await host.StartAsync();
        return new SimulatedAgent(host, heard.Task);
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(5));
        await host.StopAsync(limit.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
