
namespace NovaOrleans.Instances;

/// <summary>The instance as its grain remembers it: its row and the live associations with VNICs, in NIC order.</summary>
public sealed record InstanceState(InstanceRows.Row Row, IReadOnlyList<InstanceState.Nic> Nics)
{
    /// <summary>
    /// Its host has the bindings in its log, and has said so to this activation: what comes next comes from the host. In no row, so
    /// that an activation which does not know binds once more.
    /// </summary>
    public bool Bound { get; init; }

    /// <summary>
    /// One association. <paramref name="Generation"/> is 0 until the VNIC is attached; <paramref name="Outcome"/> is what
    /// its host reported last of that generation; <paramref name="Owned"/> means made for this instance alone.
    /// </summary>
    public sealed record Nic(VnicId Vnic, int Index, bool Owned, long Generation, BindingOutcome? Outcome);

    public InstanceState With(Nic changed) =>
        this with { Nics = [.. Nics.Select(n => n.Vnic == changed.Vnic ? changed : n)] };

    public InstanceState Without(VnicId vnic) => this with { Nics = [.. Nics.Where(n => n.Vnic != vnic)] };

    public InstanceView ToView() => Row.ToView([.. Nics.Select(n => n.Vnic)]);
}
