namespace NovaOrleans.Agent;

/// <summary>
/// Runs a plan phase by phase. A step that fails stops its own branch (what is about its subject, or needs it), and
/// the rest of the host goes on. Before guests start, and before they are forgotten, the host is read back and the
/// gate asked.
/// </summary>
public sealed class Applier(IHostNetwork host, IComputeDriver compute, IGuestGate gate)
{
    public async Task<Applied> Apply(Plan plan, DesiredHost desired, CancellationToken stop)
    {
        Run run = new();
        bool asked = false;
        foreach (IGrouping<Phase, Step> phase in plan.Phases)
        {
            if (phase.Key >= Phase.StartGuests && !asked)
            {
                asked = true;
                run.Block(await gate.Ask(desired, [.. plan.Steps.Where(s => s.Phase >= Phase.StartGuests)], stop));
            }

            IReadOnlyList<Step> ready = run.Ready(phase);
            run.Add(phase.Key is Phase.StopGuests or Phase.DefineGuests or Phase.StartGuests or Phase.UndefineGuests
                ? await RunGuests(ready, stop)
                : await host.Run(ready, stop));
        }

        return new Applied(plan, run.Results);
    }

    private async Task<IReadOnlyList<StepResult>> RunGuests(IReadOnlyList<Step> steps, CancellationToken stop) =>
        await Task.WhenAll(steps.Select(step => RunGuest(step, stop)));

    private async Task<StepResult> RunGuest(Step step, CancellationToken stop)
    {
        try
        {
            await (step switch
            {
                StopGuest s => compute.Stop(IdOf(s.Instance), stop),
                DefineGuest s => compute.Define(s.Guest.Spec, stop),
                StartGuest s => compute.Start(s.Guest.Spec, s.Guest.Boot, stop),
                PlugDevice s => compute.Plug(IdOf(s.Instance), s.Device, stop),
                UnplugDevice s => compute.Unplug(IdOf(s.Instance), s.Device, stop),
                UndefineGuest s => compute.Undefine(IdOf(s.Instance), stop),
                _ => throw new InvalidOperationException($"{step.GetType().Name} is no step about guests"),
            });
            return new StepResult(step);
        }
        catch (Exception e) when (e is OperatingFaultException or IOException or UnauthorizedAccessException)
        {
            return new StepResult(step, e.Message);
        }
    }

    private static InstanceId IdOf(string instance) => new(Guid.Parse(instance));

    /// <summary>What has happened so far, and whom it stops.</summary>
    private sealed class Run
    {
        private readonly Dictionary<string, Obstacle> _blocked = new(StringComparer.Ordinal);
        private readonly List<StepResult> _results = [];

        public IReadOnlyList<StepResult> Results => _results;

        public void Block(IReadOnlyDictionary<string, string> subjects)
        {
            foreach ((string subject, string reason) in subjects)
            {
                _blocked.TryAdd(subject, new Obstacle(subject, reason));
            }
        }

        public void Add(IReadOnlyList<StepResult> results)
        {
            _results.AddRange(results);
            foreach (StepResult result in results.Where(r => !r.Done))
            {
                _blocked.TryAdd(result.Step.Subject, result.WaitsFor ?? new Obstacle(result.Step.Subject, result.Fault!));
            }
        }

        public List<Step> Ready(IEnumerable<Step> phase)
        {
            List<Step> ready = [];
            foreach (Step step in phase)
            {
                if (step is Refused refused)
                {
                    Add([new StepResult(step, refused.Reason)]);
                }
                else if (Before(step) is Obstacle obstacle)
                {
                    Add([new StepResult(step, $"not done, because of {obstacle}", obstacle)]);
                }
                else
                {
                    ready.Add(step);
                }
            }

            return ready;
        }

        private Obstacle? Before(Step step) =>
            step.Needs.Prepend(step.Subject).Select(_blocked.GetValueOrDefault).FirstOrDefault(o => o is not null);
    }
}
