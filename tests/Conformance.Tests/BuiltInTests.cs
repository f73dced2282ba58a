using Xunit.Abstractions;

namespace NovaOrleans.Conformance;

/// <summary>The services of this repository keep what they ask of others.</summary>
public sealed class BuiltInTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("nova.network.flat")]
    [InlineData("nova.network.flat_dhcp")]
    [InlineData("nova.network.vlan")]
    [Trait("seed", "S60"), Trait("seed", "S83"), Trait("seed", "S92"), Trait("seed", "S110"), Trait("seed", "S111")]
    [Trait("seed", "S112"), Trait("seed", "S113"), Trait("seed", "S114"), Trait("seed", "S115"), Trait("seed", "S117")]
    [Trait("seed", "S118"), Trait("seed", "S119"), Trait("seed", "S122"), Trait("seed", "S123"), Trait("seed", "S127")]
    [Trait("seed", "S131"), Trait("seed", "S132"), Trait("seed", "S134"), Trait("seed", "S135"), Trait("seed", "S138")]
    [Trait("seed", "S142")]
    public Task A_built_in_service_holds_every_promise(string path) => Holds(PlugIn.In(BuiltPlugIns.BuiltIn(path)));

    [Fact]
    [Trait("seed", "S9"), Trait("seed", "S119"), Trait("seed", "S139")]
    public Task So_does_a_service_of_layer_2_alone() => Holds(PlugIn.In(BuiltPlugIns.Output("SamplePlugin")));

    private async Task Holds(PlugIn plugIn)
    {
        using (plugIn)
        {
            Report report = await Examination.Of(plugIn);
            output.WriteLine(report.ToText());
            Assert.True(report.Conforms, report.ToText());
            Assert.Equal(Examination.Names, report.Findings.Select(f => f.Name));
            output.WriteLine($"figure: {report.Path} holds {report.Findings.Count} promises of the plug-in contract, asked in {report.Findings.Sum(f => f.Seconds):0.0} s");
        }
    }
}
