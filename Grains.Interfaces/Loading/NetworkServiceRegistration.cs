using System.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Serialization;

namespace NovaOrleans.NetworkServices.Loading;

/// <summary>Registers loaded network services with a silo, facade or agent, before it is built.</summary>
public static class NetworkServiceRegistration
{
    /// <summary>
    /// Adds the <see cref="NetworkServiceManager"/>, the services' own registrations and their serialized types. A
    /// service whose registration throws becomes a fault, adds nothing, and the others stay.
    /// </summary>
    public static IServiceCollection AddNetworkServices(
        this IServiceCollection services, LoadedNetworkServices loaded, ServicePath defaultPath)
    {
        LoadedNetworkServices registered = loaded;
        foreach (INetworkService service in loaded.Services)
        {
            // A collection of its own first: a service that fails half-way must leave nothing behind.
            var own = new ServiceCollection();
            try
            {
                ServiceCalls.AtStart(() =>
                {
                    service.AddServices(own);
                    return true;
                });
                services.Add(own);
            }
            catch (Exception e)
            {
                registered = registered.Without(service, $"Its registration failed: {e.GetType().Name}: {e.Message}");
            }
        }

        services.AddSerializer(serializer =>
        {
            foreach (Assembly assembly in registered.Assemblies)
            {
                serializer.AddAssembly(assembly);
            }
        });
        foreach (INetworkService service in registered.Services)
        {
            // By its path, so that a grain of the service can be given what its doors are given.
            services.AddKeyedSingleton<INetworkServiceHost>(service.Path.Value, (provider, _) => new NetworkServiceHost(
                service,
                provider.GetRequiredService<IGrainFactory>(),
                provider.GetRequiredService<IConfiguration>(),
                provider.GetRequiredService<ILoggerFactory>()));
        }

        services.AddSingleton(registered);
        services.AddSingleton(provider => new NetworkServiceManager(
            registered, defaultPath, service => provider.GetRequiredKeyedService<INetworkServiceHost>(service.Path.Value)));
        return services;
    }
}
