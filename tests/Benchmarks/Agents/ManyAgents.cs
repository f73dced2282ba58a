using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Agent;
using NovaOrleans.Api;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Outcomes;
using NovaOrleans.Pools;
using NovaOrleans.Testing;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Benchmarks.Agents;

/// <summary>
/// Agents of hosts <c>sim0</c>, <c>sim1</c> … in this process, each with its own Orleans client, and somebody who binds to them
/// as an instance's grain does: VNIC, attachment, bind.
/// </summary>
internal sealed class ManyAgents : IAsyncDisposable
{
    /// <summary>Of each host, unless more are wanted: a first one, and once before, once at and once after a silo's death.</summary>
    public const int UsualBinds = 4;

    /// <summary>
    /// Few: while a client is made, which is a third of a second of work, those that are there must be able to renew.
    /// </summary>
    private const int StartsAtOnce = 2;
    private const int BindsAtOnce = 64;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    private readonly IHost _driver;
    private readonly string[] _hosts;
    private readonly int _bindsOfHost;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Bind>> _prepared = new();
    private readonly ConcurrentDictionary<VnicId, TaskCompletionSource<long>> _reported = new();
    private readonly ConcurrentBag<IBenchHost> _agents = [];

    private ManyAgents(IHost driver, string[] hosts, int bindsOfHost) =>
        (_driver, _hosts, _bindsOfHost) = (driver, hosts, bindsOfHost);

    private IGrainFactory Grains => _driver.Services.GetRequiredService<IGrainFactory>();

    /// <summary>
    /// Made, attached to their hosts, and every agent connected and told its first snapshot. <paramref name="prompt"/>: only their links
    /// to the core, without the agents' planning.
    /// </summary>
    public static async Task<ManyAgents> Start(
        string database, NetworkId network, int from, int count, int bindsOfHost = UsualBinds, bool prompt = false)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client.UseNovaClustering(database, "nova", "nova"));
        IHost driver = builder.Build();
        await driver.StartAsync();
        ManyAgents many = new(driver, [.. Enumerable.Range(from, count).Select(n => $"sim{n}")], bindsOfHost);
        await many.Prepare(network);
        LoadedNetworkServices services = NetworkServiceLoader.Load(NetworkServiceLocations.From(
            new ConfigurationBuilder().AddCommandLine(NovaServer.Services).Build()));
        await Parallel.ForEachAsync(many._hosts, Most(StartsAtOnce), async (host, stop) =>
        {
            AgentOptions options = new() { Host = host, Cluster = database, State = Path.GetTempPath() };
            IBenchHost agent = prompt ? PromptHost.Start(options, many.Committed)
                : await SimulatedAgent.Start(options, services.Services, many.Committed);
            many._agents.Add(agent);
            await agent.Heard.WaitAsync(s_limit, stop);
        });
        return many;
    }

    /// <summary>
    /// Binds to one host after another, so many a second, whether or not those before are answered; to each host so many times at most.
    /// </summary>
    public async Task<BindReport> BindSome(int seconds, int perSecond, int ofHost = 1)
    {
        string[] hosts = [.. _hosts.OrderBy(_ => Random.Shared.Next())];
        int count = Math.Min(seconds * perSecond, hosts.Length * ofHost);
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(1));
        List<Task<BindTimes?>> binds = [];
        long began = Stopwatch.GetTimestamp();
        for (int n = 0; n < count; n++)
        {
            while (Stopwatch.GetElapsedTime(began).TotalSeconds * perSecond < n)
            {
                await pace.WaitForNextTickAsync();
            }

            binds.Add(BindTo(hosts[n % hosts.Length], Stopwatch.GetTimestamp()));
        }

        return Report(await Task.WhenAll(binds));
    }

    /// <summary>One to each host, as soon as may be; times from the call are from now on.</summary>
    public async Task<BindReport> BindEach()
    {
        long began = Stopwatch.GetTimestamp();
        ConcurrentBag<BindTimes?> times = [];
        await Parallel.ForEachAsync(_hosts, Most(BindsAtOnce), async (host, stop) => times.Add(await BindTo(host, began)));
        return Report(times);
    }

    public async ValueTask DisposeAsync()
    {
        await Parallel.ForEachAsync(_agents, Most(64), async (agent, _) => await agent.DisposeAsync());
        await _driver.StopAsync();
        _driver.Dispose();
    }

    private async Task<BindTimes?> BindTo(string host, long began)
    {
        if (!_prepared[host].TryDequeue(out Bind? bind))
        {
            throw new InvalidOperationException($"host {host} has had its {_bindsOfHost} binds");
        }

        try
        {
            await UntilAcknowledged(bind).WaitAsync(s_limit);
            long answered = Stopwatch.GetTimestamp();
            long committed = await _reported[bind.Vnic].Task.WaitAsync(s_limit);
            // The agent may have been told, and have reported, before the answer was here.
            return new BindTimes(
                Stopwatch.GetElapsedTime(began, committed).TotalMilliseconds,
                Math.Max(0, Stopwatch.GetElapsedTime(answered, committed).TotalMilliseconds));
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>An outcome that is not known is asked for again; the same bind again answers the same.</summary>
    private async Task UntilAcknowledged(Bind bind)
    {
        while (true)
        {
            try
            {
                Outcome<long> bound = await Grains.GetGrain<IHostGrain>(bind.Host).Bind(bind.Instance, [bind.Binding]);
                if (bound.Refused)
                {
                    throw new InvalidOperationException($"a bind was refused: {bound.Refusal}");
                }

                return;
            }
            catch (Exception e) when (e is OrleansException or TimeoutException or OperatingFaultException { MayRetry: true })
            {
                await Task.Delay(100);
            }
        }
    }

    private Task Prepare(NetworkId network) => Parallel.ForEachAsync(_hosts, Most(32), async (host, stop) =>
    {
        ProjectId project = ProjectId.Parse("demo");
        for (int n = 0; n < _bindsOfHost; n++)
        {
            VnicId vnic = VnicId.New();
            InstanceId instance = InstanceId.New();
            Outcome<VnicView> made =
                await Grains.GetGrain<IFixedIpPoolGrain>(network.Value).CreateVnic(new CreateVnic(vnic, project, "bench"));
            Outcome<HostBinding> attached = made.Refused ? made.Refusal : await Grains.GetGrain<IVnicGrain>(vnic.Value).Attach(
                new AttachVnic(instance, project, "sim", HostName.Parse(host), 0, "bench"));
            if (!attached.Try(out HostBinding? binding, out Refusal? refusal))
            {
                throw new InvalidOperationException($"a VNIC was refused: {refusal}");
            }

            _reported[vnic] = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            _prepared.GetOrAdd(host, _ => new ConcurrentQueue<Bind>())
                .Enqueue(new Bind(host, new InstanceSpec(instance, "sim", project, [vnic]), binding));
        }
    });

    private void Committed(VnicId vnic, long at)
    {
        if (_reported.TryGetValue(vnic, out TaskCompletionSource<long>? waits))
        {
            waits.TrySetResult(at);
        }
    }

    private static BindReport Report(IEnumerable<BindTimes?> times) =>
        new([.. times.OfType<BindTimes>()], times.Count(t => t is null));

    private static ParallelOptions Most(int atOnce) => new() { MaxDegreeOfParallelism = atOnce };
}
