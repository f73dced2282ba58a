using NovaOrleans.Pools;

namespace NovaOrleans.Networks;

/// <summary>What may change on a network after its creation.</summary>
public static class NetworkRules
{
    public static Outcome<NetworkView> Known(NetworkState state, NetworkId id) =>
        state.View is { } view ? view : Refusal.NotFound(RefusalCode.NetworkNotFound, "network", id);

    public static Outcome<NetworkView> Update(NetworkView network, UpdateNetwork command)
    {
        if (network.Life != NetworkLife.Open)
        {
            return Closing(network);
        }

        if (command.Dns is not null && network.Subnet4 is null)
        {
            return new Refusal(
                RefusalCode.RequestedStateInvalid, $"Network {network.Id} has no IPv4 subnet to name DNS servers for.",
                network.Id.ToString(), "dns1");
        }

        bool vpn = command.VpnPublicAddress is not null || command.VpnPublicPort is not null;
        if (vpn && network.Vpn is null)
        {
            return new Refusal(
                RefusalCode.RequestedStateInvalid, $"Network {network.Id} has no VPN.", network.Id.ToString(),
                "vpn_public_address");
        }

        return network with
        {
            Label = command.Label ?? network.Label,
            NetworkHost = command.ClearHost ? null : command.Host ?? network.NetworkHost,
            QuarantineSeconds = command.QuarantineSeconds ?? network.QuarantineSeconds,
            Subnet4 = command.Dns is { } dns ? network.Subnet4! with { Dns = dns } : network.Subnet4,
            Vpn = vpn
                ? network.Vpn! with
                {
                    PublicAddress = command.VpnPublicAddress ?? network.Vpn.PublicAddress,
                    PublicPort = command.VpnPublicPort ?? network.Vpn.PublicPort,
                }
                : network.Vpn,
        };
    }

    /// <summary>A network belongs to one project; the same one again changes nothing.</summary>
    public static Outcome<NetworkView> Associate(NetworkView network, ProjectId project) => network switch
    {
        { Life: not NetworkLife.Open } => Closing(network),
        { Project: { } owner } when owner != project => new Refusal(
            RefusalCode.Conflict, $"Network {network.Id} belongs to project {owner}.", network.Id.ToString(), "project_id"),
        _ => network with { Project = project },
    };

    /// <summary>A network without project can be given to another; not while the former's ports are in it.</summary>
    public static Outcome<NetworkView> Disassociate(NetworkView network, PoolView pool) => network switch
    {
        { Life: not NetworkLife.Open } => Closing(network),
        { Project: null } => network,
        _ when pool.Held > 0 => new Refusal(
            RefusalCode.NetworkInUse, $"{pool.Held} ports of network {network.Id} are in use.", network.Id.ToString()),
        _ => network with { Project = null },
    };

    public static Refusal VpnTaken(NetworkView network) => new(
        RefusalCode.Conflict,
        $"Port {network.Vpn?.PublicPort} at {network.Vpn?.PublicAddress} is another network's VPN.",
        network.Id.ToString(),
        "vpn_public_port");

    private static Refusal Closing(NetworkView network) => new(
        RefusalCode.NetworkClosing, $"Network {network.Id} is being deleted.", network.Id.ToString());
}
