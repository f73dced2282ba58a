using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using NovaOrleans.Hosts;
using NovaOrleans.SecurityGroups;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Failover;

/// <summary>Calls of a request whose silo or database goes away, one by one.</summary>
public class CallRepeatsTests
{
    private static readonly Exception[] s_unknown =
    [
        new TimeoutException(), new SiloUnavailableException(), new OperatingFaultException("the ledger is away", mayRetry: true),
        new OperationCanceledException("Message expired before placement could complete for grain vnic/1"),
    ];

    private readonly FastClock _clock = new();

    [Fact]
    public async Task What_became_of_nothing_known_is_asked_again_until_there_is_an_answer()
    {
        FakeCall call = FakeCall.Of<IVnicGrain>(nameof(IVnicGrain.Describe), [.. s_unknown.Select(Throws), _ => { }]);
        await Invoke(call);
        Assert.Equal(5, call.Calls);
        Assert.InRange(_clock.Elapsed, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task It_is_given_up_when_the_requests_time_is_over_and_its_last_fault_is_told()
    {
        FakeCall call = FakeCall.Of<IVnicGrain>(nameof(IVnicGrain.Describe), [_ => throw new TimeoutException()]);
        await Assert.ThrowsAsync<TimeoutException>(() => Invoke(call));
        Assert.InRange(_clock.Elapsed, RequestTime.Longest, RequestTime.Longest + TimeSpan.FromSeconds(2));
        Assert.InRange(call.Calls, 40, 140);
    }

    [Theory]
    [InlineData(typeof(IHostGrain), nameof(IHostGrain.Fence))]
    [InlineData(typeof(ISchedulerGrain), nameof(ISchedulerGrain.Choose))]
    public async Task What_is_not_marked_is_called_once(Type grain, string method)
    {
        FakeCall call = FakeCall.Of(grain, method, [_ => throw new TimeoutException()]);
        await Assert.ThrowsAsync<TimeoutException>(() => Invoke(call));
        Assert.Equal(1, call.Calls);
    }

    [Fact]
    public async Task A_create_is_repeated_with_its_key_and_made_once_without()
    {
        var command = new CreateSecurityGroup("web", "", "test");
        FakeCall without = FakeCall.Of<ISecurityGroupsGrain>(
            nameof(ISecurityGroupsGrain.Create), [_ => throw new TimeoutException()], command);
        await Assert.ThrowsAsync<TimeoutException>(() => Invoke(without));
        Assert.Equal(1, without.Calls);

        FakeCall with = FakeCall.Of<ISecurityGroupsGrain>(
            nameof(ISecurityGroupsGrain.Create), [_ => throw new TimeoutException(), _ => { }],
            command with { Key = new RequestKey("k1", "hash") });
        await Invoke(with);
        Assert.Equal(2, with.Calls);
    }

    [Fact]
    public async Task A_deletion_that_finds_nothing_the_second_time_was_done_the_first_time()
    {
        Refusal gone = Refusal.NotFound(RefusalCode.SecurityGroupNotFound, "security group", "web");
        Action<FakeCall> answers = call => call.Result = (Outcome)gone;
        FakeCall repeated = FakeCall.Of<ISecurityGroupsGrain>(
            nameof(ISecurityGroupsGrain.Delete), [_ => throw new TimeoutException(), answers]);
        await Invoke(repeated);
        Assert.Equal(Outcome.Done, repeated.Result);

        FakeCall first = FakeCall.Of<ISecurityGroupsGrain>(nameof(ISecurityGroupsGrain.Delete), [answers]);
        await Invoke(first);
        Assert.Equal((Outcome)gone, first.Result);
    }

    [Fact]
    public async Task What_failed_for_good_and_what_is_a_bug_is_not_repeated()
    {
        foreach (Exception fault in new Exception[] { new OperatingFaultException("the disk is full", mayRetry: false), new FormatException() })
        {
            FakeCall call = FakeCall.Of<IVnicGrain>(nameof(IVnicGrain.Describe), [Throws(fault)]);
            Assert.Same(fault, await Record.ExceptionAsync(() => Invoke(call)));
            Assert.Equal(1, call.Calls);
        }
    }

    [Fact]
    public async Task A_call_of_no_request_is_made_once()
    {
        FakeCall call = FakeCall.Of<IVnicGrain>(nameof(IVnicGrain.Describe), [_ => throw new TimeoutException()]);
        await Assert.ThrowsAsync<TimeoutException>(() => Filter().Invoke(call.Context));
        Assert.Equal(1, call.Calls);
    }

    [Fact]
    public async Task Nothing_is_repeated_for_a_caller_who_is_gone()
    {
        using var gone = new CancellationTokenSource();
        FakeCall call = FakeCall.Of<IVnicGrain>(nameof(IVnicGrain.Describe), [_ =>
        {
            gone.Cancel();
            throw new TimeoutException();
        }]);
        RequestTime.Begin(_clock, gone.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Filter().Invoke(call.Context));
        Assert.Equal(1, call.Calls);
    }

    private static Action<FakeCall> Throws(Exception fault) => _ => throw fault;

    private CallRepeats Filter() => new(_clock, NullLogger<CallRepeats>.Instance);

    private Task Invoke(FakeCall call)
    {
        RequestTime.Begin(_clock, CancellationToken.None);
        return Filter().Invoke(call.Context);
    }

    /// <summary>Waiting takes no time, and is counted.</summary>
    private sealed class FastClock : TimeProvider
    {
        private long _ticks;

        public TimeSpan Elapsed => TimeSpan.FromTicks(_ticks);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _ticks += dueTime.Ticks;
            callback(state);
            return new Rung();
        }

        private sealed class Rung : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}

/// <summary>One call as a filter sees it. Each try does the next of the given things, and the last one from then on.</summary>
internal sealed class FakeCall
{
    private readonly Action<FakeCall>[] _tries;

    private FakeCall(Type grain, string method, Action<FakeCall>[] tries, object[] arguments)
    {
        _tries = tries;
        object request = Proxy.Of(typeof(Orleans.Serialization.Invocation.IInvokable), (name, given) => name switch
        {
            "GetArgumentCount" => arguments.Length,
            "GetArgument" => arguments[(int)given[0]!],
            _ => throw new NotSupportedException(name),
        });
        Context = (IOutgoingGrainCallContext)Proxy.Of(typeof(IOutgoingGrainCallContext), (name, given) => name switch
        {
            "Invoke" => Try(),
            "get_SourceContext" => null,
            "get_InterfaceMethod" => grain.GetMethod(method),
            "get_Request" => request,
            "get_Result" => Result,
            "set_Result" => Result = given[0],
            "get_InterfaceName" => grain.Name,
            "get_MethodName" => method,
            _ => throw new NotSupportedException(name),
        });
    }

    public IOutgoingGrainCallContext Context { get; }

    public int Calls { get; private set; }

    public object? Result { get; set; }

    public static FakeCall Of<T>(string method, Action<FakeCall>[] tries, params object[] arguments) =>
        Of(typeof(T), method, tries, arguments);

    public static FakeCall Of(Type grain, string method, Action<FakeCall>[] tries, params object[] arguments) =>
        new(grain, method, tries, arguments);

    private async Task Try()
    {
        await Task.Yield();
        _tries[Math.Min(Calls++, _tries.Length - 1)](this);
    }

    [SuppressMessage("Performance", "CA1852", Justification = "The proxy derives from it when it runs.")]
    public class Proxy : DispatchProxy
    {
        private Func<string, object?[], object?> _answer = null!;

        public static object Of(Type contract, Func<string, object?[], object?> answer)
        {
            object proxy = Create(contract, typeof(Proxy));
            ((Proxy)proxy)._answer = answer;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!.Name, args ?? []);
    }
}
