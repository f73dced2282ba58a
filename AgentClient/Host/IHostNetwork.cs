namespace NovaOrleans.Agent.Host;

/// <summary>
/// The kernel, and the DHCP servers, of one host: the only door to them. There are two behind it, of the same
/// behaviour: <see cref="LinuxHost"/> and <see cref="FakeHost"/>; one suite of tests runs over both.
/// </summary>
public interface IHostNetwork
{
    /// <summary>
    /// Everything that is there, in four reads at most; <see cref="ActualHost.Guests"/> is not its business.
    /// </summary>
    Task<ActualHost> Observe(CancellationToken stop);

    /// <summary>
    /// Runs the network steps of one phase together, in their order, and says of each how it went. A step that fails
    /// does not keep the others from running; nothing is tried twice.
    /// </summary>
    Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<Step> batch, CancellationToken stop);
}

public static class HostNetworkExtensions
{
    /// <summary>
    /// Takes away whatever agents made on this host, and nothing else. The answer is what could not be.
    /// </summary>
    public static async Task<IReadOnlyList<StepResult>> CleanUp(this IHostNetwork host, CancellationToken stop)
    {
        List<StepResult> failed = [];
        Plan plan = Planner.Make(await host.Observe(stop), DesiredHost.Empty);
        foreach (IGrouping<Phase, Step> phase in plan.Phases)
        {
            failed.AddRange((await host.Run([.. phase], stop)).Where(r => !r.Done));
        }

        return failed;
    }
}
