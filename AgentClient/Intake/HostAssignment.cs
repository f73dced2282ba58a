namespace NovaOrleans.Agent;

/// <summary>
/// What this host was told to be, folded from its records: the bindings that are to be true, and those that are to go
/// and whose going is not reported yet. Immutable.
/// </summary>
public sealed record HostAssignment(long Epoch, long Revision)
{
    public ImmutableDictionary<VnicId, BoundVnic> Bound { get; init; } = ImmutableDictionary<VnicId, BoundVnic>.Empty;

    /// <summary>The newest word on each instance: it counts for all of its NICs.</summary>
    public ImmutableDictionary<InstanceId, InstanceSpec> Newest { get; init; } =
        ImmutableDictionary<InstanceId, InstanceSpec>.Empty;

    public ImmutableDictionary<VnicId, LeavingVnic> Leaving { get; init; } =
        ImmutableDictionary<VnicId, LeavingVnic>.Empty;

    /// <summary>What it was told beside its bindings, by key.</summary>
    public ImmutableSortedDictionary<string, HostFact> Facts { get; init; } = DesiredHost.Named<HostFact>();

    /// <summary>
    /// Instances that were told to go by the first teardown of one of their NICs. A NIC that the newest word on its
    /// instance does not name any more is taken out of it, and the instance goes on.
    /// </summary>
    public ImmutableHashSet<InstanceId> EndingInstances { get; init; } = [];

    /// <summary>
    /// Instances whose guest ended by itself (seed S134); told by the compute driver, not by the core.
    /// </summary>
    public ImmutableHashSet<InstanceId> LostInstances { get; init; } = [];

    /// <summary>
    /// The bindings to be translated: those of instances that are neither ending nor lost, in a fixed order.
    /// </summary>
    public IEnumerable<BoundVnic> Wanted => Bound.Values
        .Select(b => b with { Instance = Newest[b.Instance.Id] })
        .Where(b => !EndingInstances.Contains(b.Instance.Id) && !LostInstances.Contains(b.Instance.Id))
        .OrderBy(b => b.Binding.Instance.Value).ThenBy(b => b.Binding.NicIndex);

    /// <summary>Takes records in; a snapshot replaces everything.</summary>
    public HostAssignment With(long epoch, HostRecords records)
    {
        HostAssignment next = records.IsSnapshot
            ? new HostAssignment(epoch, records.Head)
            : this with { Epoch = epoch };
        foreach (HostRecord record in records.Records.OrderBy(r => r.Revision))
        {
            next = record switch
            {
                BindRecord bind => next.WithBind(bind),
                TeardownRecord teardown => next.WithTeardown(teardown),
                FactRecord { Fact: { } fact } told => next with { Facts = next.Facts.SetItem(told.Key, fact) },
                FactRecord told => next with { Facts = next.Facts.Remove(told.Key) },
                _ => next,
            };
        }

        return next with { Revision = Math.Max(records.Head, next.Revision) };
    }

    /// <summary>The core has taken the report that this VNIC is gone.</summary>
    public HostAssignment WithoutLeaving(VnicId vnic, long generation) =>
        Leaving.TryGetValue(vnic, out LeavingVnic? leaving) && leaving.Generation == generation
            ? (this with { Leaving = Leaving.Remove(vnic) }).Tidy()
            : this;

    private HostAssignment WithBind(BindRecord bind)
    {
        HostBinding binding = bind.Binding;
        bool stale = Bound.TryGetValue(binding.Vnic, out BoundVnic? had) && had.Binding.Generation > binding.Generation;
        return stale ? this : (this with
        {
            Bound = Bound.SetItem(binding.Vnic, new BoundVnic(bind.Instance, binding) { Revision = bind.Revision, Request = bind.Request }),
            Newest = Newest.SetItem(bind.Instance.Id, bind.Instance),
            Leaving = Leaving.Remove(binding.Vnic),
            Revision = bind.Revision,
        }).Tidy();
    }

    private HostAssignment WithTeardown(TeardownRecord teardown)
    {
        BoundVnic? had = Bound.GetValueOrDefault(teardown.Vnic);
        LeavingVnic leaving = new(teardown.Instance, teardown.Generation, had?.Binding.Service) { Request = teardown.Request };
        bool last = !Bound.Values.Any(b => b.Instance.Id == teardown.Instance && b.Binding.Vnic != teardown.Vnic);
        bool goesOn = !last && !Newest[teardown.Instance].Nics.Contains(teardown.Vnic);
        return had?.Binding.Generation > teardown.Generation ? this with { Revision = teardown.Revision } : (this with
        {
            Bound = Bound.Remove(teardown.Vnic),
            Newest = last ? Newest.Remove(teardown.Instance) : Newest,
            Leaving = Leaving.SetItem(teardown.Vnic, leaving),
            EndingInstances = goesOn ? EndingInstances : EndingInstances.Add(teardown.Instance),
            Revision = teardown.Revision,
        }).Tidy();
    }

    /// <summary>An instance is ending as long as anything of it is known here.</summary>
    private HostAssignment Tidy() => this with
    {
        EndingInstances = EndingInstances.Where(i => Bound.Values.Any(b => b.Instance.Id == i)
            || Leaving.Values.Any(l => l.Instance == i)).ToImmutableHashSet(),
    };
}

public sealed record BoundVnic(InstanceSpec Instance, HostBinding Binding)
{
    /// <summary>Of the record that said so: what was reported before it counts for nothing.</summary>
    public long Revision { get; init; }

    /// <summary>Which request asked for it, for the log alone.</summary>
    public string? Request { get; init; }
}

/// <summary><paramref name="Service"/> is null where the binding was never seen here.</summary>
public sealed record LeavingVnic(InstanceId Instance, long Generation, ServicePath? Service)
{
    /// <inheritdoc cref="BoundVnic.Request"/>
    public string? Request { get; init; }
}
