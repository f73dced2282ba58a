namespace NovaOrleans.NetworkServices;

/// <summary>
/// The seed's Net Agent Generic API (S117, S127 to S142), run on the compute host. A net-agent translates: it turns
/// bindings into a fragment of the desired host and never runs a command; only the agent's host code touches the
/// kernel. <see cref="Translate"/>, <see cref="RequiresFileInjection"/>, <see cref="GetNetworkInfo"/> and
/// <see cref="GetInterfaceXml"/> are pure: same bindings, same answer; no clock, no randomness, no process.
/// </summary>
public interface INetAgent
{
    /// <summary>Seed <c>bind_vnics_to_ports</c> (S127 to S131): asks through the host's link; idempotent.</summary>
    Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics);

    /// <summary>Seed <c>setup_compute_network</c> (S132): completes when the host has verified these VNICs' network.</summary>
    Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics);

    /// <summary>Seed <c>teardown_compute_network</c> (S133, S134): completes when nothing of them is left on the host.</summary>
    Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics);

    /// <summary>Seed <c>requires_file_injection</c> (S135): whether the guest's interfaces file must be written for it.</summary>
    bool RequiresFileInjection(HostBinding binding);

    /// <summary>Seed <c>get_network_info</c> (S137 to S142).</summary>
    NetworkInfo GetNetworkInfo(HostBinding binding) => binding.Info;

    /// <summary>The libvirt <c>&lt;interface&gt;</c> element of a VNIC (S92), built from what the host was told.</summary>
    string GetInterfaceXml(HostBinding binding);

    /// <summary>
    /// What this host must look like for these bindings of this service, all of them at once. <paramref name="elsewhere"/> are
    /// the VNICs on other hosts that this one serves or must know of; most services on most hosts have none.
    /// </summary>
    HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere);
}
