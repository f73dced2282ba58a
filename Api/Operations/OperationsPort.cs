using System.Buffers;
using NovaOrleans.Hosting;
using OpenTelemetry.Metrics;

namespace NovaOrleans.Api.Operations;

/// <summary>
/// A small server of its own for health and metrics, beside the API or without one. It is up before the process has joined a
/// cluster and until its end, so that a probe can tell starting from hanging.
/// </summary>
public sealed class OperationsPort(
    OperationsOptions options, IServiceProvider services, Readiness readiness, IEnumerable<IOperationsPart> parts)
    : IHostedLifecycleService, IAsyncDisposable
{
    public const string Metrics = "/metrics";

    private WebApplication? _app;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.HealthUrls is null)
        {
            return;
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [HostArguments.NoReload] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.HealthUrls.Split(';'));
        _app = builder.Build();
        _app.MapGet(HealthRoutes.Live, context => Send(context, 200, "live", []));
        _app.MapGet(HealthRoutes.Ready, async context =>
        {
            IReadOnlyList<KeyValuePair<string, string>> missing = await readiness.Missing();
            await Send(context, missing.Count == 0 ? 200 : 503, missing.Count == 0 ? "ready" : "not ready", missing);
        });
        _app.UseOpenTelemetryPrometheusScrapingEndpoint(
            services.GetRequiredService<MeterProvider>(), null, Metrics, null, null);
        foreach (IOperationsPart part in parts)
        {
            part.AddTo(_app);
        }

        await _app.StartAsync(cancellationToken);
    }

    /// <summary>The last to go: until then it says that the process is stopping.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        WebApplication? app = _app;
        _app = null;
        await (app?.DisposeAsync() ?? default);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task Send(
        HttpContext context, int status, string text, IReadOnlyList<KeyValuePair<string, string>> missing)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        ArrayBufferWriter<byte> bytes = new();
        using JsonResourceWriter writer = new(bytes);
        HealthRoutes.Write(writer, text, missing);
        writer.Complete();
        await context.Response.Body.WriteAsync(bytes.WrittenMemory, context.RequestAborted);
    }
}
