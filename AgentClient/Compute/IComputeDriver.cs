namespace NovaOrleans.Agent.Compute;

/// <summary>
/// What a host does with instances: make them, start them, end them. It knows how many NICs an instance has and nothing
/// of what they are for (seed S5). Every verb is idempotent: what is done already, is done.
/// </summary>
public interface IComputeDriver
{
    /// <summary>The driver's name in options and reports: <c>namespaces</c> or <c>none</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Where the NICs of this instance are to be plugged; the same answer before and after <see cref="Define"/>.
    /// </summary>
    GuestAttachment AttachmentOf(InstanceSpec instance);

    /// <summary>Makes the instance, not yet running, so that NICs can be plugged.</summary>
    Task Define(InstanceSpec instance, CancellationToken stop);

    /// <summary>
    /// Starts it. <paramref name="injectedFiles"/> are written into the guest first: path in the guest to text.
    /// </summary>
    Task Start(InstanceSpec instance, IReadOnlyDictionary<string, string> injectedFiles, CancellationToken stop);

    /// <summary>Ends everything that runs in the instance; its definition stays.</summary>
    Task Stop(InstanceId instance, CancellationToken stop);

    /// <summary>Forgets a stopped instance.</summary>
    Task Undefine(InstanceId instance, CancellationToken stop);

    /// <summary>Every instance that this driver has defined on this host, also by an agent that is gone.</summary>
    Task<IReadOnlyList<GuestView>> List(CancellationToken stop);
}

public sealed record GuestView(InstanceId Instance, GuestStatus Status);

public enum GuestStatus
{
    Defined,
    Running,

    /// <summary>It was started and runs no more, and nobody here ended it.</summary>
    Lost,
}
