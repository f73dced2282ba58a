using System.Diagnostics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NovaOrleans.Agent;

/// <summary>
/// A trace for each time that the host is changed: what was to be done, what failed, and the requests that asked for it. It goes to
/// a collector, if one is named.
/// </summary>
public static class AgentTraces
{
    private static readonly ActivitySource s_source = new(AgentMetrics.MeterName);

    public static IServiceCollection AddAgentTraces(this IServiceCollection services, string? endpoint)
    {
        if (endpoint is not null)
        {
            services.AddOpenTelemetry()
                .ConfigureResource(r => r.AddService("nova-agent", "NovaOrleans"))
                .WithTracing(traces => traces.AddSource(s_source.Name).AddOtlpExporter(o => o.Endpoint = new Uri(endpoint)));
        }

        return services;
    }

    /// <summary>Null where nothing changes, or nobody listens.</summary>
    public static Activity? Applying(Plan plan, HostAssignment assignment)
    {
        Activity? span = plan.IsEmpty ? null : s_source.StartActivity("host apply");
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("nova.host.revision", assignment.Revision);
            span.SetTag("nova.host.steps", plan.Steps.Count);
            span.SetTag("nova.requests", string.Join(' ', assignment.Bound.Values.Select(b => b.Request)
                .Concat(assignment.Leaving.Values.Select(l => l.Request)).OfType<string>().Distinct()));
        }

        return span;
    }

    public static void Ended(this Activity? span, Applied applied)
    {
        if (span is not null && applied.Faults.Any())
        {
            span.SetStatus(ActivityStatusCode.Error, applied.Faults.First().ToString());
        }
    }
}
