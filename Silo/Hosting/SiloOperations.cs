using NovaOrleans.Api.Operations;
using NovaOrleans.Hosting;
using NovaOrleans.Ledger;

namespace NovaOrleans.Silo.Hosting;

/// <summary>What operators see of a silo: its log, its health, its figures, and what systemd is told.</summary>
internal static class SiloOperations
{
    public static void AddSiloOperations(this IHostApplicationBuilder builder, SiloOptions options)
    {
        builder.Services.AddSystemd();
        builder.Logging.AddNovaLogs(options.Operations);
        builder.Services.AddNovaOperations(options.Operations, "nova-silo");
        builder.Services.AddSingleton<IReadiness, MembershipReadiness>();
        builder.Services.AddSingleton<IReadiness, LedgerReadiness>();
        if (options.Operations is not { HealthUrls: null, OtlpEndpoint: null })
        {
            builder.Services.AddSingleton(new CloudFiguresOptions { AuditEvery = options.AuditEvery });
            builder.Services.AddHostedService<CloudFigures>();
        }
    }

    /// <summary>The other silos count on this one, and clients are sent to it.</summary>
    private sealed class MembershipReadiness(ISiloStatusOracle oracle) : IReadiness
    {
        public string Name => "membership";

        public Task<string?> Missing(CancellationToken stop) => Task.FromResult(
            oracle.CurrentStatus == SiloStatus.Active ? null : $"this silo is {oracle.CurrentStatus.ToString().ToLowerInvariant()}");
    }

    private sealed class LedgerReadiness(ILedger ledger) : IReadiness
    {
        public string Name => "ledger";

        public async Task<string?> Missing(CancellationToken stop)
        {
            await ledger.Read(s => s.QueryOne("select 1 as one", r => r.Long("one"))).WaitAsync(stop);
            return null;
        }
    }
}
