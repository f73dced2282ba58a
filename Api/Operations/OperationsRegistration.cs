using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NovaOrleans.Api.Operations;

public static class OperationsRegistration
{
    /// <summary>Readiness, telemetry and, where one is asked for, their port. What must be there for readiness the host adds.</summary>
    public static IServiceCollection AddNovaOperations(
        this IServiceCollection services, OperationsOptions options, string service)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Readiness>();
        services.AddSingleton(options);
        services.AddHostedService<OperationsPort>();
        return services.AddNovaTelemetry(options, service);
    }
}
