namespace NovaOrleans.NetworkServices;

/// <summary>Generic APIs that the OpenStack and EC2 compute APIs need (seed S113, D3, D4). Runs in silo and facade.</summary>
public interface IOsService
{
    /// <summary>
    /// Seed <c>get_default_vnic_id</c> (S118 to S123): a new VNIC for a launch that names none. A refusal stands for the
    /// seed's None and says why; it leaves no card behind. The same <paramref name="vnic"/> again gives the same card,
    /// so a repeated launch makes no second one.
    /// </summary>
    Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic);

    /// <summary>
    /// A new VNIC in a port of this network, with this address if one is given: what nova 2011.3's <c>networks</c> asks for (seed
    /// S155). Otherwise as <see cref="GetDefaultVnicId"/>. A service whose networks have no such ids need not have it.
    /// </summary>
    Task<Outcome<VnicId>> GetVnicIdIn(ProjectId project, VnicId vnic, NetworkId network, Ip4Address? address) =>
        Task.FromResult<Outcome<VnicId>>(new Refusal(
            RefusalCode.NotImplemented, "This network service takes no networks in a launch: make VNICs and give 'vnics'.",
            network.ToString(), "networks"));

    /// <summary>
    /// Seed <c>bind_vnics_to_ports</c> as the silo's side of it (S127, S129): gives each VNIC that has no port yet a port
    /// of the network that the service chooses for the project. Idempotent, also when concurrent.
    /// </summary>
    Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics);

    /// <summary>Seed <c>get_project_vpn_address_and_port</c> (S124, S125): null where the service has no VPN data.</summary>
    Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project);
}

/// <summary>The public address and port of a project's VPN, for the user's credentials (S126).</summary>
[GenerateSerializer, Immutable, Alias("nova.VpnEndpoint")]
public sealed record VpnEndpoint(string Address, int Port);
