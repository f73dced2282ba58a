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
}
