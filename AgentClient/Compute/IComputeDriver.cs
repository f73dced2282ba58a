namespace NovaOrleans.Agent.Compute;

/// <summary>
/// What a host does with instances: make them, start them, end them. It knows how many NICs an instance has and nothing
/// of what they are for (seed S5). Every verb is idempotent: what is done already, is done.
/// </summary>
public interface IComputeDriver
{
    /// <summary>
    /// The driver's name in options and reports: <c>namespaces</c>, <c>libvirt</c> or <c>none</c>.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// Where the NICs of this instance are to be plugged; the same answer before and after <see cref="Define"/>.
    /// </summary>
    GuestAttachment AttachmentOf(InstanceSpec instance);

    /// <summary>Makes the instance, not yet running, so that NICs can be plugged.</summary>
    Task Define(InstanceSpec instance, CancellationToken stop);

    Task Start(InstanceSpec instance, GuestBoot boot, CancellationToken stop);

    /// <summary>Ends everything that runs in the instance; its definition stays.</summary>
    Task Stop(InstanceId instance, CancellationToken stop);

    /// <summary>Forgets a stopped instance.</summary>
    Task Undefine(InstanceId instance, CancellationToken stop);

    /// <summary>Every instance that this driver has defined on this host, also by an agent that is gone.</summary>
    Task<IReadOnlyList<GuestView>> List(CancellationToken stop);

    /// <summary>
    /// Whether its guests' NICs are devices, which it is given and can plug while a guest runs; otherwise a NIC is there
    /// once it was put where <see cref="AttachmentOf"/> says.
    /// </summary>
    bool TakesDevices => false;

    /// <summary>Gives a running guest one more device.</summary>
    Task Plug(InstanceId instance, GuestDevice device, CancellationToken stop) =>
        throw new InvalidOperationException($"the guests of driver {Name} have no devices");

    /// <summary>Takes a device out of a running guest; done when the guest has given it up.</summary>
    Task Unplug(InstanceId instance, string device, CancellationToken stop) =>
        throw new InvalidOperationException($"the guests of driver {Name} have no devices");

    /// <summary>
    /// Completes when a guest may have changed by itself. A driver that hears of nothing never completes it: its guests
    /// are looked at now and then anyway.
    /// </summary>
    Task UntilChanged(CancellationToken stop) => Task.Delay(Timeout.InfiniteTimeSpan, stop);
}

public sealed record GuestView(InstanceId Instance, GuestStatus Status)
{
    /// <summary>Of a running guest whose driver takes devices: the ids of those it has. Otherwise null.</summary>
    public IReadOnlyList<string>? Devices { get; init; }
}

public enum GuestStatus
{
    Defined,
    Running,

    /// <summary>It was started and runs no more, and nobody here ended it.</summary>
    Lost,
}
