using NovaOrleans.Api.Callers.Keystone;

namespace NovaOrleans.Api.Callers;

/// <summary>Who is known to the facade: the admin token, the cloud's own tokens and, where there is one, Keystone's.</summary>
internal static class CallerRegistration
{
    public static IServiceCollection AddCallers(this IServiceCollection services, NovaApiOptions options)
    {
        // Asked here, so that a token that is none stops the start and not the first request.
        _ = TokenCallers.AdminHash(options);
        services.AddSingleton<ICallers, TokenCallers>();
        services.AddSingleton<CallerRates>();
        services.AddSingleton<ITokenSource, NovaTokens>();
        return options.Keystone is { } keystone ? services.AddKeystone(keystone) : services;
    }
}
