using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Agent;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Benchmarks.Agents;

/// <summary>
/// An agent's link to the core with an Orleans client of its own, and an apply that takes no time: what it is told it has, and it
/// reports it at once. 200 hosts have 200 machines to plan on; what the core needs is measured without their planning.
/// </summary>
internal sealed class PromptHost : IBenchHost
{
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(500);

    private readonly ServiceProvider _services;
    private readonly HostLink _link;
    private readonly Action<VnicId, long> _committed;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<HeardRecords> _told = Channel.CreateUnbounded<HeardRecords>();
    private readonly Task _running;

    private PromptHost(ServiceProvider services, Action<VnicId, long> committed)
    {
        (_services, _link, _committed) = (services, services.GetRequiredService<HostLink>(), committed);
        _running = Task.WhenAll(Listen(), Report());
    }

    public Task Heard => _heard.Task;

    /// <param name="options">The agent's; its mode does not matter, for nothing of it runs but the link.</param>
    /// <param name="committed">Called when the core has taken the report of a VNIC, with the time then.</param>
    public static PromptHost Start(AgentOptions options, Action<VnicId, long> committed)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddNovaAgent(options with { Fake = true, Compute = "none", Mode = AgentMode.Plan }, []);
        return new PromptHost(services.BuildServiceProvider(), committed);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _services.DisposeAsync();
        _stop.Dispose();
    }

    private async Task Listen()
    {
        await foreach (HeardRecords heard in _link.Watch(since: -1, _stop.Token))
        {
            await _told.Writer.WriteAsync(heard, _stop.Token);
            _heard.TrySetResult();
        }
    }

    private async Task Report()
    {
        while (await _told.Reader.WaitToReadAsync(_stop.Token))
        {
            List<BindingReport> news = [];
            HeardRecords? last = null;
            while (_told.Reader.TryRead(out HeardRecords? heard))
            {
                if (heard.Epoch != last?.Epoch)
                {
                    // A new session begins with a snapshot.
                    news.Clear();
                }

                news.AddRange(heard.Records.Records.Select(Result).OfType<BindingReport>());
                last = heard;
            }

            await UntilTaken(new HostReport(last!.Epoch, last.Records.Head, news));
        }
    }

    /// <summary>Or refused: what holds is told in the next session then.</summary>
    private async Task UntilTaken(HostReport report)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Outcome taken = await _link.Report(report, _stop.Token);
                long now = Stopwatch.GetTimestamp();
                foreach (BindingReport result in report.Bindings.Where(b => !taken.Refused && b.Outcome == BindingOutcome.Applied))
                {
                    _committed(result.Vnic, now);
                }

                return;
            }
            catch (Exception e) when (e is TimeoutException or OrleansException or OperatingFaultException)
            {
                await Task.Delay(s_again, _stop.Token);
            }
        }
    }

    private static BindingReport? Result(HostRecord record) => record switch
    {
        BindRecord bind => new BindingReport(bind.Binding.Vnic, bind.Binding.Generation, BindingOutcome.Applied),
        TeardownRecord gone => new BindingReport(gone.Vnic, gone.Generation, BindingOutcome.TornDown),
        _ => null,
    };
}
