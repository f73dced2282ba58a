using NovaOrleans.Testing;

namespace NovaOrleans.Systems;

/// <summary>nova-manage as a process, with a server's address and its admin's token.</summary>
internal sealed class NovaManage(NovaServer server)
{
    /// <summary>What it printed; it must succeed.</summary>
    public async Task<string> Does(params string[] words)
    {
        (int exit, string output, string errors) = await Run(words);
        Assert.True(exit == 0, $"{string.Join(' ', words)}: {exit}: {output}{errors}");
        return output;
    }

    public async Task<(int Exit, string Output, string Errors)> Run(params string[] words)
    {
        string[] where = words.Contains("--url") || words[0].StartsWith('[') || words[0] == "--help"
            ? []
            : ["--url", $"{server.Address}", "--token", server.Token];
        await using NovaProcess process = NovaProcess.Start("Manage", [.. words, .. where]);
        return await process.Ended(TimeSpan.FromMinutes(1));
    }
}
