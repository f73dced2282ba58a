namespace NovaOrleans.Hosts;

/// <summary>Whose leases a host may speak of: pure.</summary>
public static class LeaseRules
{
    /// <summary>A lease that counts, with the network of its VNIC where it is known.</summary>
    public sealed record Given(LeaseReport Lease, NetworkId? Network);

    /// <summary>
    /// Those of VNICs that are bound to the host or served by it from there, at the generation that they have, and how many others
    /// there were: a host that was away may still speak of a VNIC that another one has by now. That a lease of its own is over it
    /// may always say.
    /// </summary>
    public static (IReadOnlyList<Given> Given, int Ignored) Take(HostState state, HostLeases report)
    {
        var given = new List<Given>(report.Leases.Count);
        foreach (LeaseReport lease in report.Leases)
        {
            HostBinding? known = BindingOf(state, lease.Vnic);
            if (lease.SecondsLeft is null || known?.Generation == lease.Generation)
            {
                given.Add(new Given(lease, known?.Network?.Network));
            }
        }

        return (given, report.Leases.Count - given.Count);
    }

    private static HostBinding? BindingOf(HostState state, VnicId vnic) =>
        state.Entries.TryGetValue(vnic, out HostState.Entry? entry) && entry.Record is BindRecord bind
            ? bind.Binding
            : (state.Facts.GetValueOrDefault(MemberFact.KeyOf(vnic))?.Fact as MemberFact)?.Binding;
}
