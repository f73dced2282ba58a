using NovaOrleans.Testing;

namespace NovaOrleans.Ledger;

/// <summary>The tables that the seed and nova of 2011 name, with their columns, for operators, import and export.</summary>
public sealed class SeedTableTests
{
    private const string Always = "created_at, updated_at, deleted_at, deleted";

    public static TheoryData<string, string> Tables => new()
    {
        { "instance_virtual_nic_association", "id, instance_id, virtual_nic_id" },
        { "ethernet_cards", "id, mac_address" },
        {
            "nova_networks",
            """
            id, uuid, label, injected, multi_host, cidr, cidr_v6, gateway_v6, gateway, dhcp_start, dns, bridge, bridge_interface,
            vlan, vpn_public_address, vpn_public_port, vpn_private_address, priority, project_id, host
            """
        },
        { "fixed_ips", "id, address, address_v6, phase, vnic_id, project_id" },
        { "ip_addresses", "id, address, network_id, virtual_nic_id, instance_id, project_id, allocated, reserved" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    [Trait("seed", "S105"), Trait("seed", "S106"), Trait("seed", "S107"), Trait("seed", "S108")]
    [Trait("seed", "S109"), Trait("seed", "R29"), Trait("seed", "R30"), Trait("seed", "R31")]
    [Trait("seed", "R32"), Trait("seed", "R33")]
    public async Task The_seeds_tables_are_there_to_select_from(string table, string columns)
    {
        foreach (Task<TestLedger> open in new[] { TestLedger.Sqlite(), TestLedger.Postgres() })
        {
            await using TestLedger test = await open;
            List<long> rows = await test.Ledger.Read(s => s.Query($"select {columns}, {Always} from {table}", r => r.Long("id")));
            Assert.Empty(rows);
        }
    }
}
