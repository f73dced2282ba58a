namespace NovaOrleans.Demo;

/// <summary>What is still there after everything was deleted: it should be nothing, while the agent still runs.</summary>
internal sealed class Leftovers(Stage stage, Narrator narrator, CancellationToken stop)
{
    /// <summary>Links that a kernel puts into every new namespace.</summary>
    private static readonly string[] Kernels =
        ["lo", "sit0", "tunl0", "gre0", "gretap0", "erspan0", "ip6tnl0", "ip6gre0", "ip_vti0", "ip6_vti0"];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task Check()
    {
        await Gone("no link is left on the host", async () =>
            [.. (await Spaces.Links(stage.Space)).Select(l => (string)l!["ifname"]!).Except(Kernels).Except(stage.OwnLinks)]);
        await Gone("no nft table is left on the host", async () =>
            Lines(await Tool.Run("ip", "netns", "exec", stage.Space, "nft", "list", "tables")));
        await Gone("no guest's namespace is left", () => Task.FromResult<string[]>([.. stage.GuestSpaces]));
        await Gone("no process is left on the host", async () =>
            [.. (await Spaces.Processes([stage.Space])).Select(Spaces.CommandOf)]);
    }

    /// <summary>The agent tidies up after it has reported; it gets a moment for that.</summary>
    private Task Gone(string claim, Func<Task<string[]>> left) => narrator.Check(claim, async () =>
    {
        await Wait.Until(claim, Limit, async () => await left() is { Length: > 0 } some ? string.Join(", ", some) : null, stop);
        return null;
    });

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
