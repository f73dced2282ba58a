namespace NovaOrleans.Agent;

/// <summary>
/// What the host was read back as, and what still differs from the desired one: the plan that would be next. Success is
/// only what was read.
/// </summary>
public sealed record Verified(DesiredHost Desired, ActualHost Actual, Plan Differences, Applied Applied)
{
    public bool Converged => Differences.IsEmpty && Desired.Faults.IsEmpty && Desired.ServiceFaults.IsEmpty;

    /// <summary>Why this VNIC is not as it should be; null if it is, its guest included.</summary>
    public string? FaultOf(VnicId vnic)
    {
        if (Desired.Faults.TryGetValue(vnic, out string? fault))
        {
            return fault;
        }

        if (!Desired.Ports.TryGetValue(GuestPort.NameOf(vnic), out PlacedPort? placed))
        {
            return "this host has no port for it";
        }

        return Desired.SubjectsOf(placed.Port).Select(FaultOf).FirstOrDefault(f => f is not null);
    }

    /// <summary>The network of this port is as desired, whatever its guest does.</summary>
    public bool IsNetworkVerified(PlacedPort placed)
    {
        string guest = Step.GuestSubject(placed.Port.Instance);
        return Desired.SubjectsOf(placed.Port).All(subject => subject == guest || !Differs(subject));
    }

    /// <summary>
    /// Nothing of this VNIC is left: no link, no nft element, and no guest but one that lives on without it.
    /// </summary>
    public bool IsGone(VnicId vnic, InstanceId instance) => !Present.Contains(GuestPort.NameOf(vnic))
        && (Desired.Guests.ContainsKey(instance.ToString()) || !Actual.Guests.ContainsKey(instance.ToString()));

    /// <summary>The links that are there, and those that nft still has elements of.</summary>
    public ImmutableHashSet<string> Present { get; } = Actual.Links.Keys
        .Union(Actual.Firewall.Elements.Where(e => !e.IsOfGroups).Select(e => e.Owner)).ToImmutableHashSet(StringComparer.Ordinal);

    private bool Differs(string subject) => Differences.Steps.Any(s => s.Subject == subject);

    private string? FaultOf(string subject)
    {
        Step[] still = [.. Differences.Steps.Where(s => s.Subject == subject)];
        return still.Length == 0 ? null
            : still.OfType<Refused>().FirstOrDefault()?.Reason
                ?? Applied.FaultOf.GetValueOrDefault(subject, $"not as desired when read back: {still[0]}");
    }
}
