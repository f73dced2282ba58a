using System.Text.RegularExpressions;
using NovaOrleans.Testing;

namespace NovaOrleans.Systems;

/// <summary>The agent that a server starts beside itself.</summary>
public sealed partial class AgentChildTests : IAsyncLifetime
{
    private readonly NovaServer _server = new();

    public Task InitializeAsync() => _server.Start("--agent", "fake");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    /// <summary>It would go on beside the one of the next start, each turning the other's session out.</summary>
    [Fact]
    public async Task Ends_with_a_server_that_is_killed()
    {
        await Poll.Until(
            async () => (await _server.Get("/v1.1/hosts")).Body!["hosts"]!.AsArray().Any(h => $"{h!["status"]}" == "LIVE"), "the host is live");
        await _server.Kill();
        // The agent writes where its server did: what they said is complete when both have ended.
        (_, string output, string errors) = await _server.Ended().WaitAsync(TimeSpan.FromSeconds(30));
        string agent = Started().Match(output + errors).Groups["pid"].Value;
        Assert.True(agent.Length > 0, output + errors);
        Assert.False(Runs(agent), $"process {agent} is there:\n{output}{errors}");
    }

    /// <summary>One that has ended, and that nobody has asked for its status, has no command line any more.</summary>
    private static bool Runs(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [GeneratedRegex("the agent of host .* runs as process (?<pid>[0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Started();
}
