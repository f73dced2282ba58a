using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace NovaOrleans.Conformance;

/// <summary>The command as an author runs it.</summary>
public sealed class CommandTests(ITestOutputHelper told)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_plug_in_that_holds_ends_with_0_and_a_report_that_programs_read()
    {
        (int exit, string output, string errors) = await Run(BuiltPlugIns.Output("SamplePlugin"), "--only", "pure", "--json");
        Assert.True(exit == 0, $"{output}{errors}");
        JsonNode report = JsonNode.Parse(output)!;
        Assert.Equal(("sample.network.l2", true), ((string)report["path"]!, (bool)report["conforms"]!));
        Assert.Equal(["loads held", "pure held"], report["promises"]!.AsArray().Select(p => $"{p!["name"]} {p["verdict"]}"));
    }

    /// <summary>
    /// A process of its own: the servers of other services in this one would find its grain, and twice, once of each time that it was
    /// loaded.
    /// </summary>
    [Fact]
    [Trait("seed", "S9"), Trait("seed", "S10"), Trait("seed", "S27"), Trait("seed", "S119")]
    public async Task An_overlay_that_strangers_wrote_holds()
    {
        (int exit, string output, string errors) = await Run(BuiltPlugIns.Output("Vxlan"), "--path", "nova.network.vxlan");
        Assert.True(exit == 0, $"{output}{errors}");
        Assert.Contains($"{Examination.Names.Count} held, 0 broken", output, StringComparison.Ordinal);
        told.WriteLine($"figure: nova.network.vxlan holds {Examination.Names.Count} promises of the plug-in contract, asked by the command");
    }

    [Fact]
    public async Task One_that_does_not_ends_with_1_and_says_why()
    {
        (int exit, string output, _) = await Run(
            BuiltPlugIns.Output("BrokenPlugins"), "--path", "broken.network.clock", "--only", "pure");
        Assert.Equal(1, exit);
        Assert.Contains("  broken     pure ", output, StringComparison.Ordinal);
        Assert.Contains("Later calls DateTime.get_UtcNow", output, StringComparison.Ordinal);
        Assert.Contains("1 held, 1 broken", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_asked_ends_with_2()
    {
        (int exit, _, string errors) = await Run("/nowhere");
        Assert.Equal((2, "There is no folder /nowhere."), (exit, errors.Trim()));
        (exit, _, errors) = await Run("/nowhere", "--only", "purity");
        Assert.Equal(2, exit);
        Assert.StartsWith("--only was 'purity'; promises are loads, routes,", errors, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Errors)> Run(params string[] arguments)
    {
        await using NovaProcess process = NovaProcess.Start("Conformance", arguments);
        return await process.Ended(s_limit);
    }
}
