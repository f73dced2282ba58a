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

    /// <summary>What the host speaks to others from, by its routes; null where they lead nowhere.</summary>
    Task<Ip4Address?> OwnAddress(CancellationToken stop);
}
