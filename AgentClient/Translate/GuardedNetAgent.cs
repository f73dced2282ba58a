using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace NovaOrleans.Agent;

/// <summary>
/// A net-agent as this host uses it: other people's code in the agent's one process. It is opened at the first call, and its pure
/// members run on a thread of the service's own with a limit of time: one that loops costs that thread and the service's new bindings, and
/// the host's rounds go on. Until it comes back the service is not asked again. What is pure over a binding is asked once a binding.
/// </summary>
public sealed class GuardedNetAgent(INetworkService service, IHostLink link, TimeSpan limit) : INetAgent, IDisposable
{
    private readonly Lazy<INetAgent> _agent = new(() => service.GetNetAgent(link)
        ?? throw new InvalidOperationException("it gave no net-agent"));

    private readonly ConditionalWeakTable<HostBinding, Answers> _answers = [];
    private readonly BlockingCollection<Action> _asked = [];
    private readonly Lock _lock = new();
    private Thread? _thread;
    private Task _running = Task.CompletedTask;

    public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => Task.Run(() => _agent.Value.BindVnicsToPorts(vnics));

    public Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => Task.Run(() => _agent.Value.SetupComputeNetwork(vnics));

    public Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => Task.Run(() => _agent.Value.TeardownComputeNetwork(vnics));

    public bool RequiresFileInjection(HostBinding binding)
    {
        Answers known = _answers.GetOrCreateValue(binding);
        return known.Injected ??= Run("requires_file_injection", a => a.RequiresFileInjection(binding));
    }

    public NetworkInfo GetNetworkInfo(HostBinding binding)
    {
        Answers known = _answers.GetOrCreateValue(binding);
        return known.Info ??= Run("get_network_info", a => a.GetNetworkInfo(binding));
    }

    public string GetInterfaceXml(HostBinding binding)
    {
        Answers known = _answers.GetOrCreateValue(binding);
        return known.Xml ??= Run("get_interface_xml", a => a.GetInterfaceXml(binding));
    }

    public HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere) =>
        Run("translate", a => a.Translate(bindings, elsewhere)) ?? throw new InvalidOperationException("it gave no fragment");

    public void Dispose() => _asked.CompleteAdding();

    private T Run<T>(string what, Func<INetAgent, T> call)
    {
        lock (_lock)
        {
            if (!_running.IsCompleted)
            {
                throw new TimeoutException($"it is not asked for '{what}': what it was asked before has not ended yet");
            }

            _thread ??= StartThread();
            var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            _running = answer.Task;
            _asked.Add(() =>
            {
                try
                {
                    answer.SetResult(call(_agent.Value));
                }
                catch (Exception e)
                {
                    answer.SetException(e);
                }
            });
            // Asks for the task, not its result, so that what it throws comes as it was thrown.
            return Task.WaitAny([answer.Task], limit) == 0
                ? answer.Task.GetAwaiter().GetResult()
                : throw new TimeoutException($"it had not ended '{what}' after {limit.TotalSeconds:0.#} s");
        }
    }

    private Thread StartThread()
    {
        // Not of the pool, which others share; and not one that a process waits for at its end.
        var thread = new Thread(() =>
        {
            foreach (Action asked in _asked.GetConsumingEnumerable())
            {
                asked();
            }
        })
        {
            IsBackground = true,
            Name = $"net-agent {service.Path}",
        };
        thread.Start();
        return thread;
    }

    private sealed class Answers
    {
        public bool? Injected { get; set; }
        public NetworkInfo? Info { get; set; }
        public string? Xml { get; set; }
    }
}
