using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using NovaOrleans.Api.Operations;
using Orleans.Dashboard;

namespace NovaOrleans.Silo.Hosting;

/// <summary>
/// Orleans' own dashboard, on the operators' port at <c>/dashboard</c>, for who has the admin token: a browser asks for it as the
/// password of any user. It counts every call of a grain, which costs, and so is there only when it is asked for.
/// </summary>
internal sealed class SiloDashboard(IServiceProvider silo, SiloOptions options) : IOperationsPart
{
    private const string Path = "/dashboard";

    private readonly byte[] _token = Hash(AdminToken.ReadOrCreate(options.TokenFile));

    public static ISiloBuilder AddTo(ISiloBuilder silo, SiloOptions options)
    {
        if (options.Operations.Dashboard)
        {
            silo.AddDashboard();
            silo.Services.AddSingleton<IOperationsPart, SiloDashboard>();
        }

        return silo;
    }

    public void AddTo(WebApplication port)
    {
        port.Use(next => context =>
        {
            if (!context.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal))
            {
                return next(context);
            }

            if (!IsAdmin(context.Request.Headers.Authorization))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"the admin token is the password\"";
                return Task.CompletedTask;
            }

            // The port is a small server of its own; what the dashboard asks for is the silo's.
            context.RequestServices = silo;
            return next(context);
        });
        port.UseRouting();
        new SiloRoutes(port, silo).MapOrleansDashboard(Path);
    }

    private bool IsAdmin(string? authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? given)
            || given is not { Scheme: "Basic", Parameter: { Length: < 1024 } parameter })
        {
            return false;
        }

        Span<byte> text = stackalloc byte[1024];
        if (!Convert.TryFromBase64String(parameter, text, out int length))
        {
            return false;
        }

        string[] parts = Encoding.UTF8.GetString(text[..length]).Split(':', 2);
        return parts.Length == 2 && CryptographicOperations.FixedTimeEquals(Hash(parts[1]), _token);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Routes of the port, mapped with what the silo has.</summary>
    private sealed class SiloRoutes(IEndpointRouteBuilder port, IServiceProvider silo) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => silo;

        public ICollection<EndpointDataSource> DataSources => port.DataSources;

        public IApplicationBuilder CreateApplicationBuilder() => port.CreateApplicationBuilder();
    }
}
