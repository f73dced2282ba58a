using System.Collections.Concurrent;

namespace NovaOrleans.Agent.Compute;

/// <summary>
/// Guests in memory: in the namespaces of a <see cref="FakeHost"/>, or as machines that take their NICs as devices.
/// </summary>
public sealed class FakeGuests(FakeHost host, bool takesDevices = false) : IComputeDriver, IDisposable
{
    private readonly ConcurrentDictionary<InstanceId, ImmutableList<GuestDevice>> _devices = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly ConcurrentDictionary<InstanceId, GuestStatus> _guests = new();

    public string Name => "fake";

    /// <summary>The files that each guest was started with.</summary>
    public ConcurrentDictionary<InstanceId, IReadOnlyDictionary<string, string>> Injected { get; } = new();

    public bool TakesDevices => takesDevices;

    public GuestAttachment AttachmentOf(InstanceSpec instance) => takesDevices
        ? OpenedByHypervisor.Instance : new GuestSpace(NamespacesDriver.SpaceOf(instance.Id));

    public Task Define(InstanceSpec instance, CancellationToken stop)
    {
        host.AddSpace(NamespacesDriver.SpaceOf(instance.Id));
        _guests.TryAdd(instance.Id, GuestStatus.Defined);
        return Task.CompletedTask;
    }

    public Task Start(InstanceSpec instance, GuestBoot boot, CancellationToken stop)
    {
        Injected[instance.Id] = boot.InjectedFiles;
        _devices[instance.Id] = [.. boot.Devices];
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
        _devices.TryRemove(instance, out _);
        host.RemoveSpace(NamespacesDriver.SpaceOf(instance));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<GuestView>> List(CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<GuestView>>([.. _guests.Select(g => new GuestView(g.Key, g.Value)
        {
            Devices = takesDevices && g.Value == GuestStatus.Running ? [.. _devices[g.Key].Select(d => d.Id)] : null,
        })]);

    public Task Plug(InstanceId instance, GuestDevice device, CancellationToken stop)
    {
        _devices[instance] = _devices[instance].Add(device);
        return Task.CompletedTask;
    }

    public Task Unplug(InstanceId instance, string device, CancellationToken stop)
    {
        _devices[instance] = _devices[instance].RemoveAll(d => d.Id == device);
        return Task.CompletedTask;
    }

    public Task UntilChanged(CancellationToken stop) => _changed.WaitAsync(stop);

    /// <summary>The guest ends by itself, and the driver hears of it.</summary>
    public void Crash(InstanceId instance)
    {
        _guests[instance] = GuestStatus.Lost;
        _changed.Release();
    }

    public void Dispose() => _changed.Dispose();
}
