using NovaOrleans.Api.Routes;
using NovaOrleans.Api.Servers;

namespace NovaOrleans.Api.SecurityGroups;

internal static class SecurityGroupRegistration
{
    public static void AddSecurityGroupRoutes(this IServiceCollection services)
    {
        services.AddSingleton<SecurityGroupDirectory>();
        services.AddSingleton<ICoreRoutes, SecurityGroupRoutes>();
        services.AddSingleton<ICoreRoutes, SecurityGroupRuleRoutes>();
        services.AddSingleton<ICoreRoutes, ServerGroupRoutes>();
        services.AddSingleton<ICoreRoutes, BlockedPrefixRoutes>();
        services.AddSingleton<IServerAction, AddSecurityGroupAction>();
        services.AddSingleton<IServerAction, RemoveSecurityGroupAction>();
    }
}
