using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NovaOrleans.Projects;

namespace NovaOrleans.Ledger;

/// <summary>Adds the ledger to a silo. The schema is not touched: see <see cref="LedgerMigrations"/>.</summary>
public static class LedgerRegistration
{
    /// <summary>One file, no server: every commit is flushed, one writer.</summary>
    public static IServiceCollection AddSqliteLedger(this IServiceCollection services, string file) =>
        services.AddLedger(_ => LedgerDatabase.Sqlite(file));

    /// <summary>A PostgreSQL database, shared by the silos of the cluster.</summary>
    public static IServiceCollection AddPostgresLedger(this IServiceCollection services, string connectionString) =>
        services.AddLedger(_ => LedgerDatabase.Postgres(connectionString));

    private static IServiceCollection AddLedger(
        this IServiceCollection services, Func<IServiceProvider, LedgerDatabase> database)
    {
        services.TryAddSingleton(ILedgerFaults.None);
        services.AddSingleton(database);
        services.AddSingleton<ILedger>(provider => new Ledger(
            provider.GetRequiredService<LedgerDatabase>(), provider.GetRequiredService<ILedgerFaults>(),
            provider.GetService<QuotaDefaults>() ?? new QuotaDefaults()));
        return services;
    }
}
