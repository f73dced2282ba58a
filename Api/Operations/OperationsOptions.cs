namespace NovaOrleans.Api.Operations;

/// <summary>What operators ask of a process of the server's side, in its settings; every one may be left out.</summary>
public sealed record OperationsOptions
{
    /// <summary>
    /// <c>--health_urls</c>: an own port for health and metrics, plain and without token: loopback, or a network that only
    /// operators are in. Without it health is on the API's port and metrics are nowhere.
    /// </summary>
    public string? HealthUrls { get; init; }

    /// <summary><c>--otlp_endpoint</c>: the collector that traces and metrics go to by OTLP over gRPC; nowhere without it.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary><c>--log_format</c>: <c>text</c>, unless given, or <c>json</c>, an object a line.</summary>
    public bool LogsJson { get; init; }

    /// <summary><c>--log_level</c>: from which level on this program's own lines are written; Information unless given.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>
    /// <c>--dashboard</c>, of a silo: Orleans' own, on the port of <see cref="HealthUrls"/>, for who has the admin token.
    /// </summary>
    public bool Dashboard { get; init; }

    /// <summary>Every fault is a sentence that names the option; what cannot be read has its default instead.</summary>
    public static OperationsOptions From(IConfiguration settings, ICollection<string> faults) => new()
    {
        HealthUrls = settings["health_urls"] is not { } urls ? null
            : urls.Split(';').All(u => Uri.TryCreate(u, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttp) ? urls
            : Fault<string?>(faults, $"--health_urls was '{urls}'; accepted is http://ADDRESS:PORT, as in http://127.0.0.1:8775.", null),
        OtlpEndpoint = settings["otlp_endpoint"] is not { } endpoint ? null
            : Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? at) && at.Scheme.StartsWith("http", StringComparison.Ordinal) ? at
            : Fault<Uri?>(faults, $"--otlp_endpoint was '{endpoint}'; accepted is a URL, as in http://127.0.0.1:4317.", null),
        LogsJson = settings["log_format"] switch
        {
            null or "text" => false,
            "json" => true,
            { } other => Fault(faults, $"--log_format was '{other}'; accepted is text or json.", false),
        },
        LogLevel = settings["log_level"] is not { } level ? LogLevel.Information
            : Enum.TryParse(level, ignoreCase: true, out LogLevel known) && Enum.IsDefined(known) ? known
            : Fault(faults, $"--log_level was '{level}'; accepted is trace, debug, information, warning or error.", LogLevel.Information),
        Dashboard = settings["dashboard"] switch
        {
            null or "false" => false,
            "true" => settings["health_urls"] is not null
                || Fault(faults, "--dashboard needs --health_urls: it is on that port.", false),
            { } other => Fault(faults, $"--dashboard was '{other}'; accepted is true or false.", false),
        },
    };

    private static T Fault<T>(ICollection<string> faults, string sentence, T instead)
    {
        faults.Add(sentence);
        return instead;
    }
}
