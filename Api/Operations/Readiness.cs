namespace NovaOrleans.Api.Operations;

/// <summary>
/// Whether this process can serve now: all that it needs is asked at once, with a short patience, so that a probe is answered
/// also while a database hangs. One that is about to end is not ready: whoever balances load sends it nothing new.
/// </summary>
public sealed class Readiness(IEnumerable<IReadiness> parts, IHostApplicationLifetime life, TimeProvider time)
{
    /// <summary>Below the time-outs of usual probes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>By name, what is missing; empty when it is ready.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> Missing()
    {
        if (life.ApplicationStopping.IsCancellationRequested)
        {
            return [new("process", "is stopping")];
        }

        KeyValuePair<string, string?>[] answers = await Task.WhenAll(parts.Select(Ask));
        return [.. answers.Where(a => a.Value is not null).Select(a => KeyValuePair.Create(a.Key, a.Value!))];
    }

    private async Task<KeyValuePair<string, string?>> Ask(IReadiness part)
    {
        using CancellationTokenSource patience = new(Patience, time);
        try
        {
            return new(part.Name, await part.Missing(patience.Token).WaitAsync(Patience, time));
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return new(part.Name, $"did not answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception e)
        {
            return new(part.Name, e.Message);
        }
    }
}
