using NovaOrleans.Testing;

namespace NovaOrleans.Ledger;

public sealed class SqlitePlanTests
{
    [Theory]
    [InlineData("insert into fixed_ips (uuid, network_uuid, phase, project_id) values ('1', '2', 2, 'p')")]
    [InlineData("update fixed_ips set phase = 3, deleted = 1 where network_uuid = '2'")]
    public async Task A_port_is_written_without_a_table_made_for_it(string statement)
    {
        await using TestLedger test = await TestLedger.Sqlite();

        List<string> steps = await test.Ledger.Read(s => s.Query($"explain {statement}", r => r.Text("opcode")));

        Assert.Contains("MakeRecord", steps);
        Assert.DoesNotContain("OpenEphemeral", steps);
    }
}
