using NovaOrleans.Outcomes;
using NovaOrleans.Testing;

namespace NovaOrleans.Ledger;

/// <summary>The tables that the seed and nova of 2011 name, with their columns, for operators, import and export.</summary>
public sealed class SeedTableTests
{
    private const string Always = "created_at, updated_at, deleted_at, deleted";

    public static TheoryData<string, string> Tables => new()
    {
        { "project_network_service_association", "id, project_id, network_service" },
        { "instance_virtual_nic_association", "id, instance_id, virtual_nic_id" },
        { "ethernet_cards", "id, mac_address" },
        {
            "nova_networks",
            """
            id, uuid, label, injected, multi_host, cidr, cidr_v6, gateway_v6, netmask_v6, netmask, broadcast, gateway, dhcp_start, dns,
            dns1, dns2, bridge, bridge_interface, vlan, vpn_public_address, vpn_public_port, vpn_private_address, priority, project_id,
            host
            """
        },
        { "networks", "id, uuid, label, injected, multi_host, bridge, bridge_interface, vlan, priority, project_id, host" },
        { "fixed_ips", "id, address, address_v6, phase, vnic_id, project_id" },
        { "floating_ips", "id, address, project_id, pool, interface, auto_assigned" },
        { "nova_floating_ips", "id, address, fixed_ip_id, project_id, host, auto_assigned, pool, interface" },
        {
            "nova_fixed_ips",
            "id, address, network_id, instance_id, allocated, leased, reserved, virtual_interface_id, host"
        },
        { "ip_addresses", "id, address, network_id, virtual_nic_id, instance_id, project_id, allocated, reserved" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    [Trait("seed", "S104"), Trait("seed", "S105"), Trait("seed", "S106"), Trait("seed", "S107"), Trait("seed", "S108")]
    [Trait("seed", "S109"), Trait("seed", "R28"), Trait("seed", "R29"), Trait("seed", "R30"), Trait("seed", "R31")]
    [Trait("seed", "R32"), Trait("seed", "R33"), Trait("seed", "R34")]
    public async Task The_seeds_tables_are_there_to_select_from(string table, string columns)
    {
        foreach (Task<TestLedger> open in new[] { TestLedger.Sqlite(), TestLedger.Postgres() })
        {
            await using TestLedger test = await open;
            List<long> rows = await test.Ledger.Read(s => s.Query($"select {columns}, {Always} from {table}", r => r.Long("id")));
            Assert.Empty(rows);
        }
    }

    [Theory]
    [InlineData("10.0.0.0/8", "255.0.0.0", "10.255.255.255")]
    [InlineData("192.168.128.0/17", "255.255.128.0", "192.168.255.255")]
    [InlineData("203.0.113.64/30", "255.255.255.252", "203.0.113.67")]
    [Trait("seed", "R32"), Trait("seed", "S107")]
    public async Task Novas_netmask_and_broadcast_follow_from_the_cidr(string cidr, string netmask, string broadcast)
    {
        foreach (Task<TestLedger> open in new[] { TestLedger.Sqlite(), TestLedger.Postgres() })
        {
            await using TestLedger test = await open;
            await test.Ledger.Commit(s => Insert(s, cidr));
            string row = await test.Ledger.Read(s => s.QueryOne(
                "select netmask, broadcast, dns1, dns2, netmask_v6 from nova_networks",
                r => $"{r.Text("netmask")} {r.Text("broadcast")} {r.Text("dns1")} {r.TextOrNull("dns2")} {r.Text("netmask_v6")}")) ?? "";
            Assert.Equal($"{netmask} {broadcast} 9.9.9.9  64", row);
        }
    }

    private static async Task<Outcome> Insert(LedgerSession session, string cidr)
    {
        Guid network = Guid.CreateVersion7();
        await session.Execute(
            """
            insert into networks (uuid, service, label, life, mtu, firewall, dhcp, injected, multi_host, share_address,
                quarantine_seconds, revision)
            values (@network, 'nova.network.flat', 'n', 0, 1500, 'nft', 'none', {true}, {false}, {false}, 0, 1)
            """,
            ("network", network));
        foreach ((int family, string prefix, string dns) in new[] { (4, cidr, "9.9.9.9"), (6, "fd00::/64", "") })
        {
            await session.Execute(
                """
                insert into subnets (uuid, network_uuid, family, position, cidr, dns)
                values (@uuid, @network, @family, 0, @cidr, @dns)
                """,
                ("uuid", Guid.CreateVersion7()), ("network", network), ("family", family), ("cidr", prefix), ("dns", dns));
        }

        return Outcome.Done;
    }
}
