namespace NovaOrleans.Api.Operations;

/// <summary>Log lines of the server's processes: on the console, as text for people or as an object a line.</summary>
public static class Logs
{
    public static ILoggingBuilder AddNovaLogs(this ILoggingBuilder logs, OperationsOptions options)
    {
        logs.ClearProviders();
        logs.Services.AddSingleton<IExternalScopeProvider, RequestScopes>();
        if (options.LogsJson)
        {
            logs.AddJsonConsole(line => (line.IncludeScopes, line.UseUtcTimestamp, line.TimestampFormat) =
                (true, true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        }
        else
        {
            logs.AddSimpleConsole(line => (line.SingleLine, line.IncludeScopes, line.TimestampFormat) = (true, true, "HH:mm:ss "));
        }

        return logs.SetMinimumLevel(LogLevel.Warning).AddFilter("NovaOrleans", options.LogLevel)
            // It counts from the machine's start, and so warns once at every start of a silo.
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            // Each call that meets a dead silo, with its stack: a core's work, while others take its grains over. The caller has the fault.
            .AddFilter("Orleans.Messaging", LogLevel.Critical)
            // Every retry of Orleans' own, with its stack; what came of it Orleans says itself.
            .AddFilter("Polly", LogLevel.None);
    }
}
