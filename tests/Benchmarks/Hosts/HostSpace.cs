using System.Diagnostics;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Host;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Hosts;

/// <summary>A compute host in a network namespace, as its agent works on it.</summary>
internal sealed class HostSpace : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly ProcessRunner _runner = new(s_limit);
    private readonly string _state = Directory.CreateTempSubdirectory("nova-bench-").FullName;
    private LinuxHost _host;

    private HostSpace(Netns space)
    {
        Space = space;
        _host = new LinuxHost(_runner, _state, space.Name);
    }

    public Netns Space { get; }

    public static async Task<HostSpace> Create() => new(await Netns.Create("nvb"));

    /// <summary>The agent begins anew: it knows what it left in its folder, and what it sees.</summary>
    public void Restart() => _host = new LinuxHost(_runner, _state, Space.Name);

    public async Task<Plan> PlanFor(DesiredHost desired) => Planner.Make(await _host.Observe(CancellationToken.None), desired);

    /// <summary>Milliseconds from the plan to what the kernel has.</summary>
    public async Task<double> Apply(Plan plan)
    {
        long began = Stopwatch.GetTimestamp();
        foreach (IGrouping<Phase, Step> phase in plan.Phases)
        {
            StepResult? failed = (await _host.Run([.. phase], CancellationToken.None)).FirstOrDefault(r => !r.Done);
            if (failed is not null)
            {
                throw new InvalidOperationException($"{failed.Step}: {failed.Fault}");
            }
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>A whole round: look, plan, apply, and look again whether it is so. Both times in milliseconds.</summary>
    public async Task<(double Apply, double Round)> Reconcile(DesiredHost desired)
    {
        long began = Stopwatch.GetTimestamp();
        double apply = await Apply(await PlanFor(desired));
        Plan left = await PlanFor(desired);
        return left.IsEmpty
            ? (apply, Stopwatch.GetElapsedTime(began).TotalMilliseconds)
            : throw new InvalidOperationException($"{left.Steps.Count} differences are left, as {left.Steps[0]}");
    }

    /// <summary>Milliseconds for rules that somebody wrote.</summary>
    public async Task<double> Load(string rules)
    {
        long began = Stopwatch.GetTimestamp();
        ToolResult result = await new HostTools(_runner, Space.Name).Nft(rules, CancellationToken.None);
        return result.Good
            ? Stopwatch.GetElapsedTime(began).TotalMilliseconds
            : throw new InvalidOperationException(result.Words);
    }

    public async ValueTask DisposeAsync()
    {
        await Space.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }
}
