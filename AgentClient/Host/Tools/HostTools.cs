namespace NovaOrleans.Agent.Host;

/// <summary>
/// The tools, aimed at one network namespace: the host's own, or a named one that plays the host. The agent itself
/// stays where it is, so that it reaches its silo.
/// </summary>
public sealed class HostTools(ProcessRunner runner, string? space)
{
    public Task<ToolResult> Ip(IReadOnlyList<string> arguments, string? input, CancellationToken stop) =>
        runner.Run("ip", space is null ? arguments : ["-n", space, .. arguments], input, stop);

    public Task<ToolResult> Bridge(IReadOnlyList<string> arguments, string? input, CancellationToken stop) =>
        runner.Run("bridge", space is null ? arguments : ["-n", space, .. arguments], input, stop);

    /// <summary>One transaction of nftables' own commands.</summary>
    public Task<ToolResult> Nft(string commands, CancellationToken stop) =>
        Task.Run(() => NetworkSpaces.Run(space, () => Nftables.Run(commands)), stop);

    /// <summary>What nftables lists, in JSON with numbers for names.</summary>
    public Task<ToolResult> NftList(string what, CancellationToken stop) =>
        Task.Run(() => NetworkSpaces.Run(space, () => Nftables.RunJson($"list {what}\n")), stop);

    /// <summary>A tool that speaks to a daemon of the machine, whichever namespace that one works in.</summary>
    public Task<ToolResult> OnMachine(string program, IReadOnlyList<string> arguments, CancellationToken stop) =>
        runner.Run(program, arguments, null, stop);

    public Task<ToolResult> InSpace(
        string program, IReadOnlyList<string> arguments, string? input, CancellationToken stop) =>
        runner.Run(program, arguments, input, stop, space);

    /// <summary>Files of /proc as the namespace has them, one after the other; not good where one of them is not there.</summary>
    public async Task<ToolResult> ReadFiles(IReadOnlyList<string> files, CancellationToken stop)
    {
        if (space is not null)
        {
            return await InSpace("cat", files, null, stop);
        }

        try
        {
            return new ToolResult(0, string.Concat(await Task.WhenAll(files.Select(f => File.ReadAllTextAsync(f, stop)))), "");
        }
        catch (IOException e)
        {
            return new ToolResult(1, "", e.Message);
        }
    }

    /// <summary>Whether the machine's kernel has the module now.</summary>
    public async Task<bool> LoadModule(string module, CancellationToken stop)
    {
        try
        {
            return (await runner.Run("modprobe", [module], null, stop)).Good;
        }
        catch (OperatingFaultException)
        {
            // A machine without modprobe has no modules either.
            return false;
        }
    }
}
