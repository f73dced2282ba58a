using NovaOrleans.Ledger;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Testing;

/// <summary>A network to be, as its rows. What is null it does not have; a range not given is the whole CIDR.</summary>
public sealed record TestNetwork(string? Cidr, string? First = null, string? Last = null)
{
    public static readonly ServicePath Service = ServicePath.Parse("nova.network.flat");

    public string? CidrV6 { get; init; }
    public string? Gateway { get; init; }
    public string? DhcpServer { get; init; }
    public string? VpnAddress { get; init; }
    public int QuarantineSeconds { get; init; } = 30;

    /// <summary>Writes the rows, with an open pool; no grain is asked.</summary>
    public async Task<NetworkId> Make(ILedger ledger)
    {
        NetworkId network = NetworkId.New();
        await ledger.Commit(async session =>
        {
            await Insert(session, network);
            return Outcome.Done;
        });
        return network;
    }

    private async Task Insert(LedgerSession session, NetworkId network)
    {
        await session.Execute(
            """
            insert into networks (uuid, service, label, life, mtu, firewall, dhcp, injected, multi_host, share_address,
                vpn_public_address, vpn_public_port, vpn_private_address, quarantine_seconds, revision)
            values (@uuid, @service, 'test', 0, 1500, 'nft', 'none', {false}, {false}, {false},
                @vpn_public, @vpn_port, @vpn, @quarantine, 1)
            """,
            ("uuid", network), ("service", Service), ("vpn_public", VpnAddress is null ? null : "192.0.2.1"),
            ("vpn_port", VpnAddress is null ? null : 1000), ("vpn", VpnAddress), ("quarantine", QuarantineSeconds));
        await session.Execute(
            "insert into pools (network_uuid, epoch, open) values (@network, 1, {true})", ("network", network));
        if (Cidr is not null)
        {
            Cidr4 four = Cidr4.Parse(Cidr);
            await Subnet(
                session, network, 4, Cidr, First ?? four.Network.ToString(), Last ?? four.Broadcast.ToString());
        }

        if (CidrV6 is not null)
        {
            await Subnet(session, network, 6, CidrV6, null, null);
        }
    }

    private Task Subnet(
        LedgerSession session, NetworkId network, int family, string cidr, string? first, string? last) =>
        session.Execute(
            """
            insert into subnets (uuid, network_uuid, family, position, cidr, gateway, dhcp_server, first, last)
            values (@uuid, @network, @family, 0, @cidr, @gateway, @dhcp, @first, @last)
            """,
            ("uuid", Guid.CreateVersion7()), ("network", network), ("family", family), ("cidr", cidr),
            ("gateway", family == 4 ? Gateway : null), ("dhcp", family == 4 ? DhcpServer : null),
            ("first", first), ("last", last));
}
