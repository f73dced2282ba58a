using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;

namespace NovaOrleans.Hosting;

/// <summary>What the grains need of a silo besides a ledger, the "settings" storage and the network services.</summary>
public static class NovaGrainsRegistration
{
    public static IServiceCollection AddNovaGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RecordText>();
        services.AddSingleton<HostRows>();
        services.AddHostedService<InstanceSweeper>();
        return services;
    }
}
