using Microsoft.Extensions.Hosting;
using NovaOrleans.FloatingIps;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.Networks;
using NovaOrleans.Pools;

namespace NovaOrleans.Hosting;

/// <summary>How often the sweeper looks, and how long something must have been under way before it is woken.</summary>
public sealed class SweeperOptions
{
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(15);
    public TimeSpan After { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// Wakes what a silo's death left between two states: instances under way, networks that were closing, floating IPs whose
/// fixed ones were freed, hosts with outcomes that their instances have not taken. An activation goes on where the rows say it
/// stands. Every silo sweeps; waking what is awake costs nothing.
/// </summary>
public sealed partial class Sweeper(
    ILedger ledger, IGrainFactory grains, SweeperOptions options, TimeProvider time, ILogger<Sweeper> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            long after = (long)options.After.TotalSeconds;
            await Wake(s => InstanceRows.Unsettled(s, after), id => grains.GetGrain<IInstanceGrain>(id.Value).Describe());
            await Wake(s => NetworkRows.Closing(s, after), id => grains.GetGrain<INetworkGrain>(id.Value).Describe());
            await Wake(FloatingIpRows.Untidy, pool => grains.GetGrain<IFloatingIpPoolGrain>(pool).Tidy());
            await Wake(s => LeavingRows.WithLeaving(s, after), id => grains.GetGrain<IFixedIpPoolGrain>(id.Value).Describe());
            await Wake(s => HostRows.Untold(s, after), name => grains.GetGrain<IHostGrain>(name.Value).Describe());
        }
    }

    /// <summary>One that cannot be woken now does not keep the others asleep.</summary>
    private async Task Wake<T>(Func<LedgerSession, Task<List<T>>> asleep, Func<T, Task> wake)
    {
        try
        {
            foreach (Task waking in (await ledger.Read(asleep)).ConvertAll(t => wake(t)))
            {
                await Awake(waking);
            }
        }
        catch (OperatingFaultException e)
        {
            LogLater(e.Message);
        }
    }

    private async Task Awake(Task waking)
    {
        try
        {
            await waking;
        }
        catch (Exception e) when (e is OperatingFaultException or TimeoutException or OrleansException)
        {
            LogLater(e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "the sweep for what was cut off will be repeated: {Reason}")]
    private partial void LogLater(string reason);
}
