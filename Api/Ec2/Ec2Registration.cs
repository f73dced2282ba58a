using NovaOrleans.Api.Ec2.Signing;
using NovaOrleans.Api.Routes;

namespace NovaOrleans.Api.Ec2;

/// <summary>EC2's API as a part of the facade.</summary>
internal static class Ec2Registration
{
    public static IServiceCollection AddEc2(this IServiceCollection services)
    {
        services.AddSingleton<Ec2Signatures>();
        services.AddSingleton<Ec2Endpoint>();
        services.AddSingleton<Ec2Instances>();
        services.AddSingleton<IEc2Actions, InstanceActions>();
        services.AddSingleton<Ec2Addresses>();
        services.AddSingleton<IEc2Actions, AddressActions>();
        services.AddSingleton<Ec2Groups>();
        services.AddSingleton<IEc2Actions, SecurityGroupActions>();
        services.AddSingleton<IEc2Actions, CloudActions>();
        services.AddSingleton<ICoreRoutes, CredentialsRoutes>();
        return services.AddSingleton<ICoreRoutes, Ec2KeyRoutes>();
    }

    public static void MapEc2(this WebApplication app)
    {
        Ec2Endpoint endpoint = app.Services.GetRequiredService<Ec2Endpoint>();
        app.MapMethods(Ec2Endpoint.Path, [HttpMethods.Get, HttpMethods.Post], endpoint.Run);
    }
}
