namespace NovaOrleans.Agent;

/// <summary>
/// Asks each net-agent what the host must look like for its bindings, and joins the answers. A net-agent that throws, does not come
/// back, or is not on this host, is a fault of its own bindings only; what it translated before stays.
/// </summary>
public sealed class Translator(
    IReadOnlyDictionary<ServicePath, INetAgent> agents, IComputeDriver compute, Outside? outside = null)
{
    /// <summary>More pieces than these for a binding, and some to begin with, are a loop that ended by luck.</summary>
    private const int MostPieces = 1024;
    private const int MostPiecesEach = 64;

    private readonly LastFragments _last = new();

    public DesiredHost Translate(HostAssignment assignment)
    {
        BoundVnic[] wanted = [.. assignment.Wanted];
        Dictionary<InstanceId, InstanceSpec> specs = wanted.Select(b => b.Instance)
            .GroupBy(s => s.Id).ToDictionary(g => g.Key, g => g.First());
        DefaultRoutes routes = new(
            wanted.Select(b => b.Binding).Concat(assignment.Facts.Values.OfType<MemberFact>().Select(m => m.Binding)));
        FragmentJoin join = new(routes);
        NicDevices devices = compute.TakesDevices ? NicDevices.Of(wanted, agents, join.Fault) : NicDevices.None;
        GuestAttachment? Place(GuestPort port) => specs.TryGetValue(port.Instance, out InstanceSpec? spec)
            ? devices.Place(port.Vnic, compute.AttachmentOf(spec)) : null;
        ILookup<ServicePath, HostBinding> own = wanted.ToLookup(b => b.Binding.Service, b => b.Binding);
        ILookup<ServicePath, MemberFact> elsewhere =
            assignment.Facts.Values.OfType<MemberFact>().ToLookup(m => m.Binding.Service);
        ServicePath[] services =
            [.. own.Select(g => g.Key).Union(elsewhere.Select(g => g.Key)).OrderBy(p => p.Value, StringComparer.Ordinal)];
        foreach (ServicePath service in services)
        {
            Join(join, service, [.. own[service]], [.. elsewhere[service]], Place);
        }

        _last.ForgetOthers(services.ToHashSet());
        foreach (BoundVnic lost in assignment.Bound.Values.Where(b => assignment.LostInstances.Contains(b.Instance.Id)))
        {
            join.Fault(lost.Binding.Vnic, $"the guest of instance {lost.Instance.Id} ended by itself");
        }

        DesiredHost desired = join.Result(Guests(assignment, wanted, devices, join, routes));
        return (outside?.Place(desired) ?? desired) with
        {
            Leaving = assignment.Leaving,
            SecurityGroups = Facts<SecurityGroupFact>(assignment),
            GroupMembers = Facts<GroupMembersFact>(assignment),
            Blocked = [.. assignment.Facts.Values.OfType<BlockedPrefixesFact>().SelectMany(b => b.Prefixes)],
        };
    }

    private void Join(
        FragmentJoin join, ServicePath service, HostBinding[] bindings, MemberFact[] elsewhere, Func<GuestPort, GuestAttachment?> place)
    {
        if (Fragment(service, bindings, elsewhere, out string? fault) is { } fragment)
        {
            _last.Keep(service, fragment, bindings);
            join.Add(service, fragment, place);
            foreach (HostBinding missed in bindings.Where(b => !fragment.Ports.Any(p => p.Vnic == b.Vnic)))
            {
                join.Fault(missed.Vnic, $"{service} gave no port for this VNIC");
            }

            return;
        }

        join.Fault(service, fault!);
        HostFragment? last = _last.Of(service, bindings, out IReadOnlySet<VnicId> unchanged);
        if (last is not null)
        {
            join.Add(service, last, place);
        }

        foreach (HostBinding binding in bindings.Where(b => !unchanged.Contains(b.Vnic) || !last!.Ports.Any(p => p.Vnic == b.Vnic)))
        {
            join.Fault(binding.Vnic, fault!);
        }
    }

    private HostFragment? Fragment(
        ServicePath service, HostBinding[] bindings, MemberFact[] elsewhere, out string? fault)
    {
        if (!agents.TryGetValue(service, out INetAgent? agent))
        {
            fault = $"no such network service: {service} is not installed on this host";
            return null;
        }

        try
        {
            HostFragment fragment = agent.Translate(bindings, elsewhere);
            int pieces = PiecesOf(fragment), most = MostPieces + (MostPiecesEach * (bindings.Length + elsewhere.Length));
            fault = pieces <= most ? null
                : $"{service} gave {pieces} pieces of a host for {bindings.Length} bindings; accepted are {most}";
            return fault is null ? fragment : null;
        }
        catch (Exception e)
        {
            // A third party's code: whatever it throws is its bindings' fault, never the host's.
            fault = $"{service} could not translate its bindings: {e.Message}";
            return null;
        }
    }

    private static int PiecesOf(HostFragment fragment) => fragment.VlanLinks.Count + fragment.VxlanLinks.Count
        + fragment.VxlanLinks.Sum(l => l.Forwarding.Count) + fragment.Bridges.Count + fragment.Ports.Count
        + fragment.Guards.Count + fragment.DhcpScopes.Count + fragment.DhcpScopes.Sum(s => s.Hosts.Count) + fragment.FloatingNats.Count
        + fragment.SourceNats.Count + fragment.PortForwards.Count;

    private static ImmutableSortedDictionary<string, T> Facts<T>(HostAssignment assignment) where T : HostFact =>
        DesiredHost.Named<T>().AddRange(assignment.Facts.Values.OfType<T>().Select(f => KeyValuePair.Create(f.Key, f)));

    private ImmutableSortedDictionary<string, WantedGuest> Guests(
        HostAssignment assignment, BoundVnic[] wanted, NicDevices devices, FragmentJoin join, DefaultRoutes routes)
    {
        var guests = DesiredHost.Named<WantedGuest>().ToBuilder();
        foreach (IGrouping<InstanceId, BoundVnic> instance in wanted.GroupBy(b => b.Instance.Id))
        {
            InstanceSpec spec = instance.First().Instance;
            HostBinding[] nics = [.. instance.Select(b => b.Binding)];
            ImmutableDictionary<string, string> files = Injected(nics, join, routes);
            HashSet<VnicId> good = [.. instance.Select(b => b.Binding.Vnic).Where(v => !join.IsFaulty(v))];
            guests[spec.Id.ToString()] = new WantedGuest(spec, spec.Nics.All(good.Contains), Lost: false, files)
            {
                Devices = devices.Of(nics.Where(n => good.Contains(n.Vnic))),
                Drive = spec.Machine?.Image?.Disk is null
                    ? ImmutableDictionary<string, string>.Empty : ConfigDrive.Of(
                        spec, [.. nics.Select(n => n with { Info = routes.Of(n.Info) })], files),
            };
        }

        foreach (BoundVnic lost in assignment.Bound.Values.Where(b => assignment.LostInstances.Contains(b.Instance.Id)
            && !assignment.EndingInstances.Contains(b.Instance.Id)))
        {
            guests[lost.Instance.Id.ToString()] = new WantedGuest(
                lost.Instance, Complete: true, Lost: true, ImmutableDictionary<string, string>.Empty);
        }

        return guests.ToImmutable();
    }

    /// <summary>One interfaces file for all NICs, if one of them needs it (seed S135): a guest has only one.</summary>
    private ImmutableDictionary<string, string> Injected(
        HostBinding[] nics, FragmentJoin join, DefaultRoutes routes)
    {
        bool needed = false;
        Dictionary<int, NetworkInfo> infos = [];
        foreach (HostBinding nic in nics.Where(n => !join.IsFaulty(n.Vnic)))
        {
            try
            {
                INetAgent agent = agents[nic.Service];
                needed |= agent.RequiresFileInjection(nic);
                infos[nic.NicIndex] = routes.Of(agent.GetNetworkInfo(nic));
            }
            catch (Exception e)
            {
                join.Fault(nic.Vnic, $"{nic.Service} could not describe the NIC to the guest: {e.Message}");
            }
        }

        ImmutableDictionary<string, string> none = ImmutableDictionary<string, string>.Empty;
        return needed ? none.Add(InterfacesFile.Path, InterfacesFile.Of(infos)) : none;
    }
}
