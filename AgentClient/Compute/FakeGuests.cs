using System.Collections.Concurrent;

namespace NovaOrleans.Agent.Compute;

/// <summary>Guests in memory, in the namespaces of a <see cref="FakeHost"/>.</summary>
public sealed class FakeGuests(FakeHost host) : IComputeDriver
{
    private readonly ConcurrentDictionary<InstanceId, GuestStatus> _guests = new();

    public string Name => "fake";

    /// <summary>The files that each guest was started with.</summary>
    public ConcurrentDictionary<InstanceId, IReadOnlyDictionary<string, string>> Injected { get; } = new();

    public GuestAttachment AttachmentOf(InstanceSpec instance) => new GuestSpace(NamespacesDriver.SpaceOf(instance.Id));

    public Task Define(InstanceSpec instance, CancellationToken stop)
    {
        host.AddSpace(NamespacesDriver.SpaceOf(instance.Id));
        _guests.TryAdd(instance.Id, GuestStatus.Defined);
        return Task.CompletedTask;
    }

    public Task Start(
        InstanceSpec instance, IReadOnlyDictionary<string, string> injectedFiles, CancellationToken stop)
    {
        Injected[instance.Id] = injectedFiles;
        _guests[instance.Id] = GuestStatus.Running;
        return Task.CompletedTask;
    }

    public Task Stop(InstanceId instance, CancellationToken stop)
    {
        _guests[instance] = GuestStatus.Defined;
        return Task.CompletedTask;
    }

    public Task Undefine(InstanceId instance, CancellationToken stop)
    {
        _guests.TryRemove(instance, out _);
        Injected.TryRemove(instance, out _);
        host.RemoveSpace(NamespacesDriver.SpaceOf(instance));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<GuestView>> List(CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<GuestView>>([.. _guests.Select(g => new GuestView(g.Key, g.Value))]);

    /// <summary>The guest ends by itself.</summary>
    public void Crash(InstanceId instance) => _guests[instance] = GuestStatus.Lost;
}
