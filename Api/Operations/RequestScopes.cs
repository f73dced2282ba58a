namespace NovaOrleans.Api.Operations;

/// <summary>
/// The scope of every log line is the request that it was written for, read when it is written: so that a request costs no scope
/// of its own, and lines of grains have it as well. Scopes of others are not kept.
/// </summary>
internal sealed class RequestScopes : IExternalScopeProvider
{
    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        if (RequestTrace.Current is { } request)
        {
            callback(new RequestScope(request), state);
        }
    }

    public IDisposable Push(object? state) => Nothing.Instance;

    /// <summary>As text for people, as a named value for a JSON line.</summary>
    private sealed class RequestScope(string request) : List<KeyValuePair<string, object>>([new("RequestId", request)])
    {
        public override string ToString() => $"request {request}";
    }

    private sealed class Nothing : IDisposable
    {
        public static readonly Nothing Instance = new();

        public void Dispose()
        {
        }
    }
}
