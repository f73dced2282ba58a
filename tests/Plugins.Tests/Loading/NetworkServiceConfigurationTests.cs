using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Loading;

public sealed class NetworkServiceConfigurationTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("# Two services\nnova.network.vlan\nnova.network.flat\n", "2:nova.network.vlan 3:nova.network.flat")]
    [InlineData("nova.network.vlan\r\n\r\nnova.network.flat\r\n", "1:nova.network.vlan 3:nova.network.flat")]
    [InlineData("  nova.network.vlan \t\n  \n # note\n\tnova.network.flat", "1:nova.network.vlan 4:nova.network.flat")]
    [InlineData("#nova.network.vlan\n#", "")]
    [InlineData("\uFEFFnova.network.vlan", "1:nova.network.vlan")]
    [Trait("seed", "S52")]
    public void Good_lines_keep_their_numbers(string text, string expected)
    {
        NetworkServiceConfiguration read = NetworkServiceConfiguration.Parse(text);
        Assert.Equal(expected, string.Join(' ', read.Lines.Select(l => $"{l.Line}:{l.Path}")));
        Assert.Empty(read.Faults);
    }

    [Theory]
    [InlineData("vlan")]
    [InlineData("nova.network.")]
    [InlineData("nova.network.Vlan")]
    [InlineData("nova.network.vlan # the default")]
    [InlineData("../../tmp/evil")]
    [InlineData("nova.network.vlan nova.network.flat")]
    [Trait("seed", "S52")]
    public void A_bad_line_is_a_fault_with_its_number_and_disturbs_no_other(string bad)
    {
        NetworkServiceConfiguration read = NetworkServiceConfiguration.Parse($"\n{bad}\nnova.network.flat_dhcp\n");
        LoadFault fault = Assert.Single(read.Faults);
        Assert.Equal((2, bad), (fault.Line, fault.Path));
        Assert.Contains("module path", fault.Reason, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(read.Lines).Line);
    }

    [Fact]
    public void A_path_listed_twice_is_taken_once()
    {
        NetworkServiceConfiguration read = NetworkServiceConfiguration.Parse("nova.network.vlan\nnova.network.vlan\n");
        Assert.Equal(1, Assert.Single(read.Lines).Line);
        Assert.Equal("It is listed already, on line 1.", Assert.Single(read.Faults).Reason);
    }

    [Fact]
    public void Two_services_of_one_short_name_would_share_URLs_so_the_first_stays()
    {
        NetworkServiceConfiguration read = NetworkServiceConfiguration.Parse("nova.network.vlan\nacme.net.vlan\n");
        Assert.Equal("nova.network.vlan", Assert.Single(read.Lines).Path.Value);
        string reason = Assert.Single(read.Faults).Reason;
        Assert.Contains("taken by nova.network.vlan on line 1", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_control_character_of_a_bad_line_does_not_reach_the_log() =>
        Assert.Equal("x?[2Jy", Assert.Single(NetworkServiceConfiguration.Parse("x\u001b[2Jy").Faults).Path);

    [Fact]
    public void A_file_that_is_not_there_is_one_fault()
    {
        string missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString(), "nova-network.conf");
        NetworkServiceConfiguration read = NetworkServiceConfiguration.Read(missing);
        Assert.Empty(read.Lines);
        Assert.Equal((0, missing), (Assert.Single(read.Faults).Line, read.Faults[0].Path));
    }
}
