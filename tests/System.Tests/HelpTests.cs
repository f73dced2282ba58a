using System.Diagnostics;
using NovaOrleans.Systems.Deploy;
using NovaOrleans.Testing;

namespace NovaOrleans.Systems;

/// <summary>Who asks for help gets it, and no server.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("Silo", "--database", "--agent", "--quota_fixed_ips", "db sync")]
    [InlineData("Api", "--database", "--admin_token_file", "--keystone_url")]
    [InlineData("AgentClient", "--gateway", "--host", "--plan")]
    public async Task A_program_that_is_asked_says_what_it_takes_and_ends(string program, params string[] named)
    {
        await using NovaProcess asked = NovaProcess.Start(program, "--help");
        (int exit, string output, _) = await asked.Ended(TimeSpan.FromSeconds(60));
        Assert.Equal(0, exit);
        Assert.All(named, n => Assert.Contains(n, output));
    }

    /// <summary>The script's verbs that no program has: each tells its own part, and looks at nothing and builds nothing for it.</summary>
    [Theory]
    [InlineData("test", "check", "--filter E")]
    [InlineData("check", "bench", "what CI runs")]
    [InlineData("pack", "manage", "--version V")]
    public async Task A_verb_of_the_script_tells_its_own_part(string verb, string other, string words)
    {
        using Process script = Process.Start(new ProcessStartInfo("bash", [Sources.Path("nova"), verb, "--help"])
        {
            RedirectStandardOutput = true,
        })!;
        string said = await script.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await script.WaitForExitAsync();
        Assert.Equal(0, script.ExitCode);
        Assert.StartsWith($"  {verb} ", said, StringComparison.Ordinal);
        Assert.Contains(words, said, StringComparison.Ordinal);
        Assert.DoesNotContain($"\n  {other} ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("built", said, StringComparison.Ordinal);
    }
}
