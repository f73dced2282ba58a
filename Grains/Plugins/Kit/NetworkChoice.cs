namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// Which network a project's VNIC goes to when nobody says (seed S129). One of the project's own comes first;
/// <paramref name="TakeFree"/> then takes one without project for it, <paramref name="Shared"/> uses one without
/// project as it is, beside other projects.
/// </summary>
public sealed record NetworkChoice(bool TakeFree, bool Shared)
{
    /// <summary>Whether networks of this service can have a VPN endpoint (seed S125).</summary>
    public bool HasVpn { get; init; }
}
