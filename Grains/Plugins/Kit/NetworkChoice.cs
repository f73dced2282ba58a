namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// Which network a project's VNIC goes to when nobody says (seed S129): one of the project's own, else what
/// <paramref name="Free"/> says of those without project.
/// </summary>
public sealed record NetworkChoice(FreeNetworks Free)
{
    public bool Shared => Free == FreeNetworks.Share;

    /// <summary>Whether networks of this service can have a VPN endpoint (seed S125).</summary>
    public bool HasVpn { get; init; }
}
