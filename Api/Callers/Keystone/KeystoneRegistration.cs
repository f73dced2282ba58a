using NovaOrleans.Api.Listening;

namespace NovaOrleans.Api.Callers.Keystone;

internal static class KeystoneRegistration
{
    public static IServiceCollection AddKeystone(this IServiceCollection services, KeystoneOptions options)
    {
        services.AddSingleton(options);
        services.AddHttpClient<KeystoneClient>(http =>
            {
                http.BaseAddress = options.Url;
                http.Timeout = options.Patience;
                http.MaxResponseContentBufferSize = 1 << 20;
            })
            .ConfigurePrimaryHttpMessageHandler(() => Handler(options))
            // One client lives as long as this process: its connections are renewed by the handler, and nobody's logs want a line each.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        services.AddSingleton<ITokenSource, KeystoneTokens>();
        return services;
    }

    private static SocketsHttpHandler Handler(KeystoneOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        if (options.Authorities is { } file)
        {
            handler.SslOptions.CertificateChainPolicy = Certificates.TrustOnly(file);
        }

        return handler;
    }
}
