using Xunit.Abstractions;

namespace NovaOrleans.Faults;

/// <summary>
/// The fault suite with one fault of each kind, in every run of the tests: a cluster of processes under load.
/// </summary>
[Trait("tier", "kernel")]
public sealed class ShortFormTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Whatever_is_killed_or_frozen_under_load_what_was_acknowledged_is_kept()
    {
        string results = Path.Combine(NovaProcess.Artifacts, "faults", "short");
        int seed = int.TryParse(Environment.GetEnvironmentVariable("NOVA_SEED"), out int given) ? given : Random.Shared.Next(1, 1_000_000);

        (int exit, string said) = await Space.Run(captured: true, "--short", "--seed", $"{seed}", "--results", results);

        output.WriteLine(said);
        Assert.True(exit == 0, said);
    }
}
