using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NovaOrleans.Api.Operations;

/// <summary>
/// Where traces and figures go: by OTLP to a collector, if one is named, and for Prometheus to be fetched, if there is a port for
/// it. Without either nothing listens, and a request pays for nothing.
/// </summary>
public static class Telemetry
{
    /// <summary>Ours, Orleans', the driver's, and those of the runtime; a name ends in <c>*</c> where it begins several.</summary>
    private static readonly string[] s_meters =
    [
        "NovaOrleans.*", "Microsoft.Orleans", "Npgsql", "System.Runtime", "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
    ];

    private static readonly string[] s_sources =
        ["NovaOrleans.*", "Microsoft.Orleans.Application", "Microsoft.Orleans.Lifecycle", "Npgsql"];

    public static IServiceCollection AddNovaTelemetry(this IServiceCollection services, OperationsOptions options, string service)
    {
        if (options is { OtlpEndpoint: null, HealthUrls: null })
        {
            return services;
        }

        services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService(service, "NovaOrleans"))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(s_meters);
                if (options.HealthUrls is not null)
                {
                    metrics.AddPrometheusExporter(p => p.ScrapeResponseCacheDurationMilliseconds = 0);
                }

                if (options.OtlpEndpoint is { } collector)
                {
                    metrics.AddOtlpExporter(o => o.Endpoint = collector);
                }
            });
        if (options.OtlpEndpoint is { } endpoint)
        {
            services.AddOpenTelemetry().WithTracing(traces => traces
                .AddSource(s_sources)
                // Probes and scrapes would be most of it.
                .AddAspNetCoreInstrumentation(o => o.Filter = context => !context.Request.Path.StartsWithSegments("/health"))
                .AddOtlpExporter(o => o.Endpoint = endpoint));
        }

        return services;
    }

    /// <summary>Calls carry the trace that they belong to, where traces are kept.</summary>
    public static ISiloBuilder CarriesTraces(this ISiloBuilder silo, OperationsOptions options) =>
        options.OtlpEndpoint is null ? silo : silo.AddActivityPropagation();

    /// <inheritdoc cref="CarriesTraces(ISiloBuilder, OperationsOptions)"/>
    public static IClientBuilder CarriesTraces(this IClientBuilder client, OperationsOptions options) =>
        options.OtlpEndpoint is null ? client : client.AddActivityPropagation();
}
