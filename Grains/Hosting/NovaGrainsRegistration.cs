using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NovaOrleans.Hosts;
using NovaOrleans.Projects;
using Orleans.Storage;

namespace NovaOrleans.Hosting;

/// <summary>What the grains need of a silo besides a ledger, the "settings" storage and the network services.</summary>
public static class NovaGrainsRegistration
{
    public static IServiceCollection AddNovaGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddInterfaceTypes();
        services.TryAddSingleton(new SweeperOptions());
        services.TryAddSingleton(new QuotaDefaults());
        services.AddSingleton<RecordText>();
        services.AddSingleton<HostFactRows>();
        services.AddSingleton<HostRows>();
        services.AddSingleton<HostHints>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, LedgerWarmUp>();
        services.AddHostedService<Sweeper>();
        // Network services keep theirs beside the core's settings, whichever storage that is; names of states tell them apart.
        services.AddKeyedSingleton<IGrainStorage>(
            NetworkServiceStorage.Name, (provider, _) => provider.GetRequiredKeyedService<IGrainStorage>(SettingsStorage.Name));
        return services;
    }
}
