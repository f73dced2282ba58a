namespace NovaOrleans.Agent;

/// <summary>
/// What this host is to look like: the joined fragments of all network services, and the guests. Links are keyed by
/// their name, guards by their port, DHCP scopes by their network's id, guests by their instance's id; floating NAT by the floating
/// address, source NAT by its prefix, forwards by public address and port.
/// </summary>
public sealed record DesiredHost
{
    public static DesiredHost Empty { get; } = new();

    public ImmutableSortedDictionary<string, VlanLink> VlanLinks { get; init; } = Named<VlanLink>();
    public ImmutableSortedDictionary<string, VxlanLink> VxlanLinks { get; init; } = Named<VxlanLink>();
    public ImmutableSortedDictionary<string, Bridge> Bridges { get; init; } = Named<Bridge>();
    public ImmutableSortedDictionary<string, PlacedPort> Ports { get; init; } = Named<PlacedPort>();
    public ImmutableSortedDictionary<string, PortGuard> Guards { get; init; } = Named<PortGuard>();
    public ImmutableSortedDictionary<string, DhcpScope> DhcpScopes { get; init; } = Named<DhcpScope>();
    public ImmutableSortedDictionary<string, WantedGuest> Guests { get; init; } = Named<WantedGuest>();
    public ImmutableSortedDictionary<string, FloatingNat> FloatingNats { get; init; } = Named<FloatingNat>();
    public ImmutableSortedDictionary<string, SourceNat> SourceNats { get; init; } = Named<SourceNat>();
    public ImmutableSortedDictionary<string, PortForward> PortForwards { get; init; } = Named<PortForward>();

    /// <summary>The bridges whose guests read about themselves at 169.254.169.254.</summary>
    public ImmutableSortedSet<string> MetadataBridges { get; init; } =
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The rules of the groups that guards name, by the fact's key; a group without rules lets nothing in.</summary>
    public ImmutableSortedDictionary<string, SecurityGroupFact> SecurityGroups { get; init; } = Named<SecurityGroupFact>();

    /// <summary>The members of the groups that rules name as their source, by the fact's key.</summary>
    public ImmutableSortedDictionary<string, GroupMembersFact> GroupMembers { get; init; } = Named<GroupMembersFact>();

    /// <summary>Prefixes that no guest is let speak with.</summary>
    public ImmutableSortedSet<string> Blocked { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>VNICs that were told to go; the core waits to hear that they are gone.</summary>
    public ImmutableDictionary<VnicId, LeavingVnic> Leaving { get; init; } =
        ImmutableDictionary<VnicId, LeavingVnic>.Empty;

    /// <summary>VNICs that nothing on this host can satisfy, with the sentence that says why.</summary>
    public ImmutableDictionary<VnicId, string> Faults { get; init; } = ImmutableDictionary<VnicId, string>.Empty;

    /// <summary>
    /// Network services that could not translate, with the sentence that says why: what they translated last stays as it is.
    /// </summary>
    public ImmutableDictionary<ServicePath, string> ServiceFaults { get; init; } = ImmutableDictionary<ServicePath, string>.Empty;

    public static ImmutableSortedDictionary<string, T> Named<T>() =>
        ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);

    /// <summary>
    /// The subjects of steps that the network of this port rests on: a fault of one of them is a fault of the VNIC.
    /// What rests on nothing else comes first.
    /// </summary>
    public IEnumerable<string> SubjectsOf(GuestPort port)
    {
        yield return Step.FirewallSubject;
        if (Guards.TryGetValue(port.Name, out PortGuard? guard) && guard.SecurityGroups.Count > 0)
        {
            yield return Step.GroupsSubject;
            yield return Step.FilterSubject(port.Bridge);
        }

        if (Bridges.TryGetValue(port.Bridge, out Bridge? bridge) && bridge.Uplink is { } uplink)
        {
            yield return uplink;
            if (VlanLinks.TryGetValue(uplink, out VlanLink? vlan))
            {
                yield return SwitchNames.BridgeOf(vlan.Parent);
            }
        }

        yield return port.Bridge;
        foreach ((string network, DhcpScope scope) in DhcpScopes)
        {
            if (scope.Bridge == port.Bridge)
            {
                yield return Step.DhcpSubject(network);
            }
        }

        yield return port.Name;
        yield return Step.GuestSubject(port.Instance);
    }
}

/// <summary>A port, where its guest's end goes, and whose it is.</summary>
public sealed record PlacedPort(GuestPort Port, GuestAttachment Attachment, ServicePath Service);

/// <summary>
/// A guest to be had. It is started when <paramref name="Complete"/>: all of its NICs are bound. One that ended by
/// itself is <paramref name="Lost"/>: it stays defined, is reported, and is not started again.
/// </summary>
public sealed record WantedGuest(
    InstanceSpec Spec, bool Complete, bool Lost, IReadOnlyDictionary<string, string> InjectedFiles)
{
    /// <summary>Its NICs in their order, where the compute driver takes them as devices.</summary>
    public IReadOnlyList<GuestDevice> Devices { get; init; } = [];

    /// <summary>What its drive says, where its image has a disk.</summary>
    public IReadOnlyDictionary<string, string> Drive { get; init; } = ImmutableDictionary<string, string>.Empty;

    public GuestBoot Boot => new(InjectedFiles, Devices, Drive);
}
