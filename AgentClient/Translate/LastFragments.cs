namespace NovaOrleans.Agent;

/// <summary>
/// What each network service translated last, for when it cannot translate: what its guests have stays as it is, so that a bug that
/// one binding finds does not cut off all the others. What changed since, or is new, is a fault.
/// </summary>
internal sealed class LastFragments
{
    private readonly Dictionary<ServicePath, Known> _known = [];

    public void Keep(ServicePath service, HostFragment fragment, IReadOnlyList<HostBinding> bindings) =>
        _known[service] = new Known(fragment, bindings.ToDictionary(b => b.Vnic));

    /// <summary>The service has nothing to do here any more.</summary>
    public void ForgetOthers(IReadOnlySet<ServicePath> services)
    {
        foreach (ServicePath gone in _known.Keys.Where(s => !services.Contains(s)).ToList())
        {
            _known.Remove(gone);
        }
    }

    /// <summary>
    /// The last fragment without the ports of VNICs that have gone since; the bindings that are as they were then are in
    /// <paramref name="unchanged"/>. Null where there was none.
    /// </summary>
    public HostFragment? Of(ServicePath service, IReadOnlyList<HostBinding> bindings, out IReadOnlySet<VnicId> unchanged)
    {
        unchanged = ImmutableHashSet<VnicId>.Empty;
        if (!_known.TryGetValue(service, out Known? known))
        {
            return null;
        }

        unchanged = bindings.Where(b => known.Bindings.TryGetValue(b.Vnic, out HostBinding? then) && Alike(then, b))
            .Select(b => b.Vnic).ToHashSet();
        HashSet<VnicId> here = [.. bindings.Select(b => b.Vnic)];
        GuestPort[] ports = [.. known.Fragment.Ports.Where(p => here.Contains(p.Vnic))];
        HashSet<string> names = [.. ports.Select(p => p.Name)];
        return known.Fragment with { Ports = ports, Guards = [.. known.Fragment.Guards.Where(g => names.Contains(g.Port))] };
    }

    /// <summary>
    /// A snapshot tells everything again. Lists are compared by what is in them; one that is new here counts as changed, which is safe.
    /// </summary>
    private static bool Alike(HostBinding one, HostBinding other) =>
        one with
        {
            Network = other.Network,
            Info = other.Info,
            SecurityGroups = other.SecurityGroups,
            FloatingIps = other.FloatingIps,
        } == other
        && one.SecurityGroups.SequenceEqual(other.SecurityGroups) && one.FloatingIps.SequenceEqual(other.FloatingIps)
        && one.Info with { Additional = other.Info.Additional } == other.Info && one.Info.Additional.SequenceEqual(other.Info.Additional)
        && Alike(one.Network, other.Network);

    private static bool Alike(NetworkFacts? one, NetworkFacts? other) => one is null || other is null ? one == other
        : one with { Extra = other.Extra } == other
            && one.Extra.Count == other.Extra.Count && one.Extra.All(e => other.Extra.GetValueOrDefault(e.Key) == e.Value);

    private sealed record Known(HostFragment Fragment, IReadOnlyDictionary<VnicId, HostBinding> Bindings);
}
