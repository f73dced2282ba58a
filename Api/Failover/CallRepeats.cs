using System.Reflection;
using Orleans.Runtime.Messaging;

namespace NovaOrleans.Api.Failover;

/// <summary>
/// A call whose outcome is not known (its silo died, the ledger was away, no answer came) is made again, the same call with the same
/// ids and keys, until it is answered or the request's time is over: a client sees a slow answer and no error. Only what is marked
/// <see cref="RepeatableAttribute"/> is. It costs nothing where nothing fails.
/// </summary>
internal sealed partial class CallRepeats(TimeProvider clock, ILogger<CallRepeats> log) : IOutgoingGrainCallFilter
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(50);

    /// <summary>A pool whose silo died is elsewhere after 3 s or so: a longer pause would add to that.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(300);

    /// <summary>In a silo with an API this sees grains' calls too, which are theirs to repeat.</summary>
    public Task Invoke(IOutgoingGrainCallContext context) =>
        RequestTime.Current is { } time && context.SourceContext is null ? Invoke(context, time) : context.Invoke();

    /// <summary>Whether it is unknown, or known not to be done for now, what became of a call that ended like this.</summary>
    public static bool IsUnknown(Exception exception) => exception switch
    {
        OperatingFaultException fault => fault.MayRetry,
        TimeoutException or OrleansMessageRejectionException or SiloUnavailableException or ConnectionFailedException
            or ClientNotAvailableException or GatewayTooBusyException => true,
        // So a silo says that the call's time was over before a place for its grain was found; it was frozen, say.
        OperationCanceledException => true,
        _ => false,
    };

    private async Task Invoke(IOutgoingGrainCallContext context, RequestTime time)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                await context.Invoke();
                if (tries > 1)
                {
                    Settle(context);
                    LogRepeated(context.InterfaceName, context.MethodName, tries, time.Elapsed.TotalSeconds);
                }

                return;
            }
            catch (Exception e) when (IsUnknown(e) && time.Elapsed < RequestTime.Longest && MayRepeat(context) is not null)
            {
                await Task.Delay(Pause(tries), clock, time.Aborted);
            }
        }
    }

    /// <summary>A deletion that finds nothing when it is repeated was done by the try before.</summary>
    private static void Settle(IOutgoingGrainCallContext context)
    {
        if (context.Result is Outcome { Refusal: { } refusal } && MayRepeat(context)!.MeansDone(refusal.Code))
        {
            context.Result = Outcome.Done;
        }
    }

    private static RepeatableAttribute? MayRepeat(IOutgoingGrainCallContext context)
    {
        MethodInfo method = context.InterfaceMethod;
        RepeatableAttribute? mark = method.GetCustomAttribute<RepeatableAttribute>()
            ?? method.DeclaringType!.GetCustomAttribute<RepeatableAttribute>();
        return mark is { ByKey: true } && !HasKey(context) ? null : mark;
    }

    private static bool HasKey(IOutgoingGrainCallContext context) => Enumerable.Range(0, context.Request.GetArgumentCount())
        .Any(i => context.Request.GetArgument(i) is RequestKey or IKeyed { Key: not null });

    /// <summary>Doubling, and each somewhat different, so that those who failed together do not come back together.</summary>
    private static TimeSpan Pause(int tries)
    {
        TimeSpan doubled = s_first * Math.Pow(2, Math.Min(tries - 1, 10));
        return (doubled < s_longest ? doubled : s_longest) * (0.5 + Random.Shared.NextDouble());
    }

    [LoggerMessage(LogLevel.Debug, "{Interface}.{Method} was answered at try {Tries}, {Seconds:0.0} s after the request came")]
    private partial void LogRepeated(string @interface, string method, int tries, double seconds);
}
