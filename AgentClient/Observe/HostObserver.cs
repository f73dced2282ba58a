namespace NovaOrleans.Agent;

/// <summary>Reads the whole host: its network from the kernel, its guests from the compute driver.</summary>
public sealed class HostObserver(IHostNetwork host, IComputeDriver compute)
{
    public async Task<ActualHost> Observe(CancellationToken stop)
    {
        Task<ActualHost> network = host.Observe(stop);
        IReadOnlyList<GuestView> guests = await compute.List(stop);
        return await network with
        {
            Guests = DesiredHost.Named<GuestStatus>()
                .AddRange(guests.Select(g => KeyValuePair.Create(g.Instance.ToString(), g.Status))),
            Devices = DesiredHost.Named<ImmutableHashSet<string>>().AddRange(guests.Where(g => g.Devices is not null)
                .Select(g => KeyValuePair.Create(g.Instance.ToString(), g.Devices!.ToImmutableHashSet()))),
        };
    }
}
