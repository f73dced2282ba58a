using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NovaOrleans.Api.Callers;
using NovaOrleans.Api.Catalogue;
using NovaOrleans.Api.Cloud;
using NovaOrleans.Api.Documents;
using NovaOrleans.Api.Ec2;
using NovaOrleans.Api.Failover;
using NovaOrleans.Api.FloatingIps;
using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Api.Operations;
using NovaOrleans.Api.Requests;
using NovaOrleans.Api.Routes;
using NovaOrleans.Api.SecurityGroups;
using NovaOrleans.Api.Servers;
using NovaOrleans.Api.Tokens;
using NovaOrleans.Hosting;

namespace NovaOrleans.Api;

/// <summary>
/// The HTTP facade, for a process of its own or inside a silo. The host brings an <see cref="IGrainFactory"/> (silo or
/// client) and the network services (<c>AddNetworkServices</c>).
/// </summary>
public static class NovaApi
{
    public static IServiceCollection AddNovaApi(this IServiceCollection services, NovaApiOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Catalogue);
        services.AddCallers(options);
        services.AddInterfaceTypes();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RateLimiter>(_ => new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.RequestsInFlight,
            QueueLimit = options.RequestsWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }));
        services.AddSingleton<AnswerWriter>();
        services.AddSingleton<ApiEndpoint>();
        services.AddSingleton<ProjectServices>();
        services.AddSingleton<ApiRouteTable>();
        services.AddSingleton<ServerCreation>();
        services.AddSingleton<ServerReader>();
        services.AddSecurityGroupRoutes();
        services.AddSingleton<IServerAction, AddFixedIp>();
        services.AddSingleton<IServerAction, RemoveFixedIp>();
        services.AddSingleton<ICoreRoutes, VersionRoutes>();
        services.AddSingleton<ICoreRoutes, TokenRoutes>();
        services.AddSingleton<ICoreRoutes, ProjectRoutes>();
        services.AddSingleton<ICoreRoutes, ProjectServiceRoutes>();
        services.AddSingleton<ICoreRoutes, OrphanRoutes>();
        services.AddSingleton<ICoreRoutes, QuotaRoutes>();
        services.AddSingleton<ICoreRoutes, ServerRoutes>();
        services.AddSingleton<ICoreRoutes, ServerNetworkRoutes>();
        services.AddSingleton<ICoreRoutes, ServerActionRoutes>();
        services.AddSingleton<ICoreRoutes, FloatingIpRoutes>();
        services.AddSingleton<FloatingIpDirectory>();
        services.AddSingleton<IServerAction, AddFloatingIpAction>();
        services.AddSingleton<IServerAction, RemoveFloatingIpAction>();
        services.AddSingleton<ICoreRoutes, CatalogueRoutes>();
        services.AddSingleton<ICoreRoutes, HostRoutes>();
        services.AddSingleton<ICoreRoutes, LedgerRoutes>();
        services.AddSingleton<ICoreRoutes, ProcessRoutes>();
        services.TryAddSingleton<Readiness>();
        services.AddSingleton<ICoreRoutes, HealthRoutes>();
        services.AddEc2();
        services.AddFailover(options);
        services.Configure<KestrelServerOptions>(kestrel => Limit(kestrel, options));
        // Two lines a request would cost more than the request.
        services.AddLogging(logs => logs
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning));
        return services;
    }

    /// <summary>
    /// Maps the core's routes and those of every loaded network service. Call it once, before the host's own endpoints.
    /// </summary>
    public static WebApplication MapNovaApi(this WebApplication app)
    {
        app.Use(next => context =>
        {
            RequestIds.TakeOrMake(context);
            Formats.TakeSuffix(context);
            return next(context);
        });
        app.UseFailover();
        app.UseRouting();

        var endpoint = app.Services.GetRequiredService<ApiEndpoint>();
        var unrouted = new Unrouted(endpoint);
        app.Use(next => context => context.GetEndpoint()?.Metadata.GetMetadata<ApiRoute>() is null
            ? unrouted.Run(context, next)
            : next(context));

        IReadOnlyList<ApiRoute> routes = app.Services.GetRequiredService<ApiRouteTable>().Routes;
        ApiRoute document = OpenApiDocument.RouteOf(routes);
        foreach (ApiRoute route in routes.Append(document))
        {
            app.MapMethods(route.Pattern, [route.Method.Method], context => endpoint.Run(context, route))
                .WithMetadata(route);
        }

        app.MapEc2();
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel, NovaApiOptions options)
    {
        if (options.Certificate is { } certificate)
        {
            kestrel.ConfigureHttpsDefaults(certificate.Use);
        }

        kestrel.AddServerHeader = false;
        // Larger than what is read (1 MiB): the rest of a longer body is thrown away and not cut off, since most
        // clients send all of it before they look at the 413.
        kestrel.Limits.MaxRequestBodySize = 64L << 20;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
    }
}
