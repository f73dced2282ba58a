namespace NovaOrleans.Demo;

/// <summary>
/// What is still there after everything was deleted and was not there before: it should be nothing, while the agent still runs. A
/// cluster's host may have other users' guests.
/// </summary>
internal sealed class Leftovers(Stage stage, Narrator narrator, CancellationToken stop)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string[]> _before = new(StringComparer.Ordinal);

    private (string Claim, Func<Task<string[]>> Look)[] Claims =>
    [
        ("no link is left on the host", async () => [.. (await Spaces.Links(stage.Space)).Select(l => (string)l!["ifname"]!)]),
        ("no nft table is left on the host", async () =>
            Lines(await Tool.Run("ip", "netns", "exec", stage.Space, "nft", "list", "tables"))),
        ("no guest's namespace is left", () => Task.FromResult<string[]>([.. stage.GuestSpaces])),
        ("no process is left on the host", async () => [.. (await Spaces.Processes([stage.Space])).Select(Spaces.CommandOf)]),
    ];

    /// <summary>Before there is anything of the play.</summary>
    public async Task Note()
    {
        foreach ((string claim, Func<Task<string[]>> look) in Claims)
        {
            _before[claim] = await look();
        }
    }

    public async Task Check()
    {
        foreach ((string claim, Func<Task<string[]>> look) in Claims)
        {
            await Gone(claim, look);
        }
    }

    /// <summary>The agent tidies up after it has reported; it gets a moment for that.</summary>
    private Task Gone(string claim, Func<Task<string[]>> look) => narrator.Check(claim, async () =>
    {
        await Wait.Until(claim, Limit, Left, stop);
        return null;

        async Task<string?> Left() =>
            (await look()).Except(_before[claim]).ToArray() is { Length: > 0 } left ? string.Join(", ", left) : null;
    });

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
