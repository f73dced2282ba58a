namespace NovaOrleans.Ledger;

/// <summary>
/// Warms the ledger up before the silo takes grains. A silo that took a dead one's pools over was at first use of it, and waited a
/// quarter of a second for connections and for code that had never run.
/// </summary>
internal sealed partial class LedgerWarmUp(ILedger ledger, ILogger<LedgerWarmUp> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(LedgerWarmUp), ServiceLifecycleStage.RuntimeGrainServices, WarmUp);

    private async Task WarmUp(CancellationToken cancellationToken)
    {
        try
        {
            await ledger.WarmUp();
        }
        catch (OperatingFaultException e)
        {
            // Who needs the ledger will be told what is wrong with it.
            LogCold(e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "the ledger was not warmed up: {Reason}")]
    private partial void LogCold(string reason);
}
