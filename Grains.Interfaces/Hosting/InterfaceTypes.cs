using System.Collections.Concurrent;
using Orleans.Metadata;

namespace NovaOrleans.Hosting;

/// <summary>
/// What Orleans calls each of our grain interfaces, which it would otherwise find out by reflection for every reference that is made: 6
/// of 100 samples of a server under creates over HTTP. The names are its own, by its convention.
/// </summary>
internal sealed class InterfaceTypes(IServiceProvider services) : IGrainInterfaceTypeProvider
{
    private readonly ConcurrentDictionary<Type, GrainInterfaceType> _known = new();

    /// <summary>Asked for when it is needed: it is made of its providers, and so of this one.</summary>
    private readonly Lazy<GrainInterfaceTypeResolver> _convention = new(services.GetRequiredService<GrainInterfaceTypeResolver>);

    public bool TryGetGrainInterfaceType(Type type, out GrainInterfaceType grainInterfaceType)
    {
        bool ours = type.Assembly == typeof(InterfaceTypes).Assembly;
        grainInterfaceType = ours ? _known.GetOrAdd(type, _convention.Value.GetGrainInterfaceTypeByConvention) : default;
        return ours;
    }
}

/// <summary>See <see cref="InterfaceTypes"/>; for silos and for clients of many calls.</summary>
public static class InterfaceTypesRegistration
{
    /// <summary>Before Orleans' own provider, whichever is added first; once, although a silo with an API asks for it twice.</summary>
    public static IServiceCollection AddInterfaceTypes(this IServiceCollection services)
    {
        if (services.All(s => s.ImplementationType != typeof(InterfaceTypes)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IGrainInterfaceTypeProvider, InterfaceTypes>());
        }

        return services;
    }
}
