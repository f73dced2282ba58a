using Microsoft.Extensions.Hosting;

namespace NovaOrleans.Instances;

/// <summary>
/// Wakes instances that a silo's death left between two states: an activation goes on where the rows say it stands.
/// Every silo sweeps; waking what is awake costs nothing.
/// </summary>
public sealed partial class InstanceSweeper(
    ILedger ledger, IGrainFactory grains, TimeProvider time, ILogger<InstanceSweeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (InstanceId id in await ledger.Read(InstanceRows.Unsettled))
                {
                    await grains.GetGrain<IInstanceGrain>(id.Value).Describe();
                }
            }
            catch (Exception e) when (e is OperatingFaultException or TimeoutException or OrleansException)
            {
                LogLater(e.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "the sweep for unsettled instances will be repeated: {Reason}")]
    private partial void LogLater(string reason);
}
