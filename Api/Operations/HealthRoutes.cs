using NovaOrleans.Api.Routes;

namespace NovaOrleans.Api.Operations;

/// <summary>
/// For supervisors and load balancers: <c>live</c> is answered as long as the process answers at all, <c>ready</c> says what is
/// missing. Both are open, and count neither among requests in flight nor against a rate.
/// </summary>
internal sealed class HealthRoutes(Readiness readiness) : ICoreRoutes
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, Live, Access.Open, IsLive, new("That the process answers")),
        new(HttpMethod.Get, Ready, Access.Open, IsReady, new("Whether it can serve: 200, or 503 with what is missing")),
    ];

    private static Task<ApiAnswer> IsLive(ApiRequest request) => Task.FromResult(ApiAnswer.Ok(w => Write(w, "live", [])));

    private async Task<ApiAnswer> IsReady(ApiRequest request)
    {
        IReadOnlyList<KeyValuePair<string, string>> missing = await readiness.Missing();
        return missing.Count == 0
            ? ApiAnswer.Ok(w => Write(w, "ready", missing))
            : ApiAnswer.Unavailable(w => Write(w, "not ready", missing));
    }

    /// <summary>One line, the same on either port.</summary>
    internal static void Write(ResourceWriter w, string status, IReadOnlyList<KeyValuePair<string, string>> missing)
    {
        w.BeginRoot("health");
        w.Field("status", status);
        w.BeginList("missing", "part");
        foreach ((string name, string fault) in missing)
        {
            w.BeginItem();
            w.Field("name", name);
            w.Field("fault", fault);
            w.EndItem();
        }

        w.EndList();
        w.EndRoot();
    }
}
