using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Hosts;
using Orleans.Metadata;

namespace NovaOrleans.Hosting;

public sealed class InterfaceTypesTests
{
    [Fact]
    public void A_grain_interface_is_called_as_Orleans_calls_it_of_itself()
    {
        using IHost remembering = Host(remembers: true), plain = Host(remembers: false);
        GrainInterfaceTypeResolver ours = Resolver(remembering), theirs = Resolver(plain);
        Type[] interfaces = [.. typeof(IHostGrain).Assembly.GetTypes()
            .Where(t => t.IsInterface && t.IsAssignableTo(typeof(IGrain)))];
        Assert.True(interfaces.Length >= 15, $"{interfaces.Length} grain interfaces");
        Assert.All(interfaces, i => Assert.Equal(theirs.GetGrainInterfaceType(i), ours.GetGrainInterfaceType(i)));
        Assert.All(interfaces, i => Assert.Equal(ours.GetGrainInterfaceType(i), ours.GetGrainInterfaceType(i)));
        Assert.Equal(theirs.GetGrainInterfaceType(typeof(IManagementGrain)), ours.GetGrainInterfaceType(typeof(IManagementGrain)));

        IGrainInterfaceTypeProvider[] providers = [.. remembering.Services.GetServices<IGrainInterfaceTypeProvider>()];
        Assert.True(providers[0].TryGetGrainInterfaceType(typeof(IHostGrain), out _));
        Assert.False(providers[0].TryGetGrainInterfaceType(typeof(IManagementGrain), out _));
        Assert.Equal(plain.Services.GetServices<IGrainInterfaceTypeProvider>().Count() + 1, providers.Length);
    }

    private static GrainInterfaceTypeResolver Resolver(IHost host) => host.Services.GetRequiredService<GrainInterfaceTypeResolver>();

    private static IHost Host(bool remembers)
    {
        HostApplicationBuilder builder = new();
        builder.UseOrleansClient(client => client.UseLocalhostClustering());
        if (remembers)
        {
            // A silo with an API asks for it twice.
            builder.Services.AddInterfaceTypes().AddInterfaceTypes();
        }

        return builder.Build();
    }
}
