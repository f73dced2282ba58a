using System.Collections.Concurrent;

namespace NovaOrleans.Agent.Compute;

/// <summary>
/// Instances are run by somebody else, who opens the host's end of each NIC by its name: this driver only remembers
/// which ones are wanted. After an agent's restart it is told them again.
/// </summary>
public sealed class NoneDriver : IComputeDriver
{
    private readonly ConcurrentDictionary<InstanceId, GuestStatus> _guests = new();

    public string Name => "none";

    public GuestAttachment AttachmentOf(InstanceSpec instance) => OpenedByHypervisor.Instance;

    public Task Define(InstanceSpec instance, CancellationToken stop)
    {
        _guests.TryAdd(instance.Id, GuestStatus.Defined);
        return Task.CompletedTask;
    }

    public Task Start(InstanceSpec instance, GuestBoot boot, CancellationToken stop)
    {
        _guests[instance.Id] = GuestStatus.Running;
        return Task.CompletedTask;
    }

    public Task Stop(InstanceId instance, CancellationToken stop)
    {
        _guests.TryUpdate(instance, GuestStatus.Defined, GuestStatus.Running);
        return Task.CompletedTask;
    }

    public Task Undefine(InstanceId instance, CancellationToken stop)
    {
        _guests.TryRemove(instance, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<GuestView>> List(CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<GuestView>>([.. _guests.Select(g => new GuestView(g.Key, g.Value))]);
}
