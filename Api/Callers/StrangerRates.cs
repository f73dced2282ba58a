using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace NovaOrleans.Api.Callers;

/// <summary>
/// How fast tokens that turn out to be nobody's may be looked up for one address. Each look-up is a question to the ledger or to
/// Keystone, for which whoever has a token waits in the same queue. A token that was known a moment ago is not a stranger's, so behind a
/// proxy, whose address all have, those who work go on (docs/decisions/0080-strangers-have-a-rate.md).
/// </summary>
public sealed class StrangerRates : IDisposable
{
    private const int Most = 100;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly PartitionedRateLimiter<string> _limiter;

    public StrangerRates()
    {
        // Whole numbers in a window: of a bucket that fills by fractions, a fraction would be something that is left.
        Func<string, RateLimiter> window = _ => new FixedWindowRateLimiter(new FixedWindowRateLimiterOptions
        {
            AutoReplenishment = false,
            Window = Window,
            PermitLimit = Most,
            QueueLimit = 0,
        });
        _limiter = PartitionedRateLimiter.Create<string, string>(key => new RateLimitPartition<string>(key, window));
    }

    /// <summary>Null where one more may be looked up.</summary>
    public Refusal? Refuses(IPAddress? address)
    {
        using RateLimitLease any = _limiter.AttemptAcquire(Neighbours(address), 0);
        return any.IsAcquired ? null : CallerRates.TooMany(any, wait =>
            $"More than {Most} tokens in {Window.Seconds} s that are not known here came from {address}; repeat this one in {wait} s.");
    }

    /// <summary>A token from there was nobody's.</summary>
    public void Count(IPAddress? address) => _limiter.AttemptAcquire(Neighbours(address)).Dispose();

    public void Dispose() => _limiter.Dispose();

    /// <summary>Of IPv6 the /64: all of it is one machine's to choose from.</summary>
    private static string Neighbours(IPAddress? address) =>
        address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } ? $"{address}"
        : Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));
}
