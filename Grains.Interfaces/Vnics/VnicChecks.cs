namespace NovaOrleans.Vnics;

/// <summary>
/// Whether a project may use these VNICs with a service; every fault is told, one refusal a VNIC (seed S83). Pure.
/// </summary>
public static class VnicChecks
{
    /// <summary>Null where each VNIC lives, is the project's, is of this service and appears once.</summary>
    public static Refusal? Missing(
        ServicePath service, ProjectId project, IReadOnlyList<VnicId> asked, IReadOnlyList<VnicView> found) =>
        All(asked, found, card => WrongCard(service, project, card));

    /// <summary>As <see cref="Missing"/>, and attached to no instance.</summary>
    public static Refusal? Unusable(
        ServicePath service, ProjectId project, IReadOnlyList<VnicId> asked, IReadOnlyList<VnicView> found) =>
        All(asked, found, card => WrongCard(service, project, card) ?? (card.Instance is { } instance
            ? new Refusal(
                RefusalCode.AlreadyAttached, $"VNIC {card.Id} is attached to instance {instance}.", card.Id.ToString())
            : null));

    private static Refusal? All(
        IReadOnlyList<VnicId> asked, IReadOnlyList<VnicView> found, Func<VnicView, Refusal?> wrong)
    {
        var faults = new List<Refusal>();
        var seen = new HashSet<VnicId>();
        ILookup<VnicId, VnicView> cards = found.ToLookup(c => c.Id);
        foreach (VnicId vnic in asked)
        {
            if (!seen.Add(vnic))
            {
                faults.Add(new Refusal(
                    RefusalCode.MalformedRequest, $"VNIC {vnic} is named more than once.", vnic.ToString()));
            }
            else if (cards[vnic].FirstOrDefault() is not { } card)
            {
                faults.Add(NotFound(vnic));
            }
            else if (wrong(card) is { } fault)
            {
                faults.Add(fault);
            }
        }

        return faults.Count == 0 ? null : faults[0] with { More = faults[1..] };
    }

    /// <summary>Another project's card is not there; one of another service is, and the caller's own.</summary>
    private static Refusal? WrongCard(ServicePath service, ProjectId project, VnicView card) =>
        card.Project != project ? NotFound(card.Id)
        : card.Service != service ? new Refusal(
            RefusalCode.Conflict,
            $"VNIC {card.Id} belongs to network service {card.Service}; the project uses {service}.",
            card.Id.ToString())
        : null;

    private static Refusal NotFound(VnicId vnic) => Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", vnic);
}
