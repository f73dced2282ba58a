using System.Globalization;
using System.Threading.RateLimiting;

namespace NovaOrleans.Api.Callers;

/// <summary>
/// How fast each token's requests may come: a bucket of its own, filled ten times a second. A bucket that nobody takes from goes
/// after some seconds. The admin token of the start has none, so that an operator is never locked out by a script.
/// </summary>
public sealed class CallerRates : IDisposable
{
    private const string Wait = "retry_after";
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<string> _limiter;
    private readonly int _perSecond;

    public CallerRates(NovaApiOptions options)
    {
        _perSecond = options.RequestsPerSecond;
        Func<string, RateLimiter> bucket = _ => new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            AutoReplenishment = false,
            ReplenishmentPeriod = Period,
            TokensPerPeriod = Math.Max(1, options.RequestsPerSecond / 10),
            TokenLimit = Math.Max(1, options.RequestBurst),
            QueueLimit = 0,
        });
        // The same function each time: this is asked on every request.
        _limiter = PartitionedRateLimiter.Create<string, string>(key => new RateLimitPartition<string>(key, bucket));
    }

    /// <summary>Null where the request may go on.</summary>
    public Refusal? Refuses(string? key)
    {
        if (key is null)
        {
            return null;
        }

        using RateLimitLease lease = _limiter.AttemptAcquire(key);
        return lease.IsAcquired ? null : TooFast(lease);
    }

    /// <summary>In how many seconds a refused request may be repeated.</summary>
    public static string RetryAfter(Refusal refusal) => refusal.Details?.GetValueOrDefault(Wait) ?? "1";

    public void Dispose() => _limiter.Dispose();

    private Refusal TooFast(RateLimitLease lease)
    {
        double wait = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? after.TotalSeconds : 1;
        string seconds = Math.Max(1, (long)Math.Ceiling(wait)).ToString(CultureInfo.InvariantCulture);
        return new Refusal(
            RefusalCode.TooManyRequests,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The token's requests come faster than {_perSecond} a second; repeat this one in {seconds} s."),
            Details: new Dictionary<string, string> { [Wait] = seconds });
    }
}
