using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Audits;
using NovaOrleans.Hosts;
using NovaOrleans.Queries;

namespace NovaOrleans.Hosting;

/// <summary>How often the cloud's figures are read, and how often the audit among them.</summary>
public sealed class CloudFiguresOptions
{
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(15);
    public TimeSpan AuditEvery { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>
/// Reads what <see cref="CloudMeter"/> shows of the whole cloud. The silo that is first by address does it for all, so that a
/// cluster pays once; who that is may change, and then the others fall silent.
/// </summary>
public sealed partial class CloudFigures(
    ILedger ledger, IGrainFactory grains, ISiloStatusOracle silos, CloudFiguresOptions options, TimeProvider time,
    ILogger<CloudFigures> logger) : BackgroundService
{
    private CloudMeter.Figures _figures = new();
    private DateTimeOffset? _audited;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan every = options.AuditEvery < options.Every ? options.AuditEvery : options.Every;
        using var timer = new PeriodicTimer(every, time);
        do
        {
            await Read();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Read()
    {
        if (!IsFirst())
        {
            CloudMeter.Fill(null);
            return;
        }

        try
        {
            _figures = await WithHosts(await WithAddresses(_figures));
            if (_audited is not { } last || time.GetUtcNow() - last >= options.AuditEvery)
            {
                _figures = WithAudit(_figures, await grains.Audit());
                _audited = time.GetUtcNow();
            }

            CloudMeter.Fill(_figures);
        }
        catch (Exception e) when (e is OperatingFaultException or TimeoutException or OrleansException)
        {
            LogLater(e.Message);
        }
    }

    private bool IsFirst() =>
        silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Min() is { } first && first.Equals(silos.SiloAddress);

    private async Task<CloudMeter.Figures> WithHosts(CloudMeter.Figures figures)
    {
        IReadOnlyList<HostView> hosts = await grains.GetGrain<ISchedulerGrain>(0).List();
        return figures with
        {
            Hosts =
            [
                .. Enum.GetValues<HostStatus>().Select(s =>
                    Of(hosts.Count(h => h.Status == s), "status", s.ToString().ToLowerInvariant())),
            ],
            Differences = [.. hosts.Where(h => h.Status == HostStatus.Live).Select(h => Of(h.Differences, "host", h.Name.Value))],
        };
    }

    private async Task<CloudMeter.Figures> WithAddresses(CloudMeter.Figures figures)
    {
        List<PoolQueries.Occupancy> pools = await ledger.Read(PoolQueries.Fullest);
        List<(string State, long Count)> states = await ledger.Read(PoolQueries.States);
        return figures with
        {
            Addresses = [.. states.Select(s => Of(s.Count, "state", s.State))],
            PoolsUsed = [.. pools.Select(p => Of(p.Used, "network", p.Network.ToString(), "label", p.Label))],
            PoolsSize = [.. pools.Where(p => p.Size > 0).Select(p => Of(p.Size, "network", p.Network.ToString(), "label", p.Label))],
        };
    }

    private CloudMeter.Figures WithAudit(CloudMeter.Figures figures, AuditView audit)
    {
        DateTimeOffset at = time.GetUtcNow();
        if (audit.Findings.Count > 0)
        {
            LogUnsound(audit.Findings.Count, audit.Findings[0]);
        }

        return figures with
        {
            Audit =
            [
                Of(audit.DuplicateAddresses, "kind", "duplicate_addresses"), Of(audit.Leaks, "kind", "leaks"),
                Of(audit.OrphanBindings, "kind", "orphan_bindings"), Of(audit.WrongStates, "kind", "wrong_states"),
                Of(audit.Misplaced, "kind", "misplaced"),
            ],
            Drift = [new Measurement<long>(audit.Drift)],
            AuditAge = () => [new Measurement<long>((long)(time.GetUtcNow() - at).TotalSeconds)],
        };
    }

    private static Measurement<long> Of(long value, params string[] tags) =>
        new(value, tags.Chunk(2).Select(t => KeyValuePair.Create(t[0], (object?)t[1])));

    [LoggerMessage(LogLevel.Error, "the audit found {Count} faults, the first: {Finding}")]
    private partial void LogUnsound(int count, string finding);

    [LoggerMessage(LogLevel.Warning, "the cloud's figures could not be read, they will be again: {Reason}")]
    private partial void LogLater(string reason);
}
