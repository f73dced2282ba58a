using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace NovaOrleans.Agent.Metadata;

/// <summary>
/// Answers guests who read about themselves, from what this host was told of them: the silo is not asked, so that a guest boots
/// also while there is none. Whoever is no guest of the bridge is not answered.
/// </summary>
public sealed partial class MetadataServer(
    BridgeTransport transport, IServiceProvider services, ILoggerFactory logs, ILogger<MetadataServer> log)
    : IRoundWitness, IHostedService, IDisposable
{
    private volatile MetadataDirectory _directory = MetadataDirectory.Empty;
    private KestrelServer? _web;
    private string _faults = "";

    /// <summary>After each round: whom there is to answer, and over which bridges.</summary>
    public void Seen(HostAssignment assignment, Verified verified)
    {
        MetadataDirectory directory = MetadataDirectory.Of(assignment, verified.Desired);
        _directory = directory;
        string[] there = [.. directory.Bridges.Where(verified.Actual.Links.ContainsKey)];
        string faults = string.Join("; ", transport.Listen(there, (bridge, address) => _directory.Find(bridge, address) is not null));
        if (faults.Length > 0 && faults != _faults)
        {
            LogDeaf(faults);
        }

        _faults = faults;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        KestrelServerOptions kestrel = new() { ApplicationServices = services };
        Limit(kestrel);
        _web = new KestrelServer(Options.Create(kestrel), transport, logs);
        return _web.StartAsync(new GuestRequests(Answer), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _web?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose() => _web?.Dispose();

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 512;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestLineSize = 2 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        kestrel.Listen(BridgeTransport.AllBridges);
    }

    private async Task Answer(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        // Asked again, and not kept with the connection: the address may be another guest's by now.
        string? bridge = context.Features.Get<OverBridge>()?.Name;
        string? address = context.Connection.RemoteIpAddress?.ToString();
        GuestIdentity? guest = bridge is null || address is null ? null : _directory.Find(bridge, address);
        byte[]? text = guest is null ? null : MetadataDirectory.Read(guest, context.Request.Path.Value ?? "/");
        if (text is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentLength = text.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(text, context.RequestAborted);
        }
    }

    /// <summary>Kestrel without a web host around it: the agent is one already.</summary>
    private sealed class GuestRequests(RequestDelegate answer) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => answer(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // Nothing of a request is kept.
        }
    }

    [LoggerMessage(LogLevel.Warning, "guests cannot read about themselves here: {Faults}")]
    private partial void LogDeaf(string faults);
}
