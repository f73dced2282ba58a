namespace NovaOrleans.Agent.Host;

/// <summary>
/// Named network namespaces (ip-netns(8)). Their names are the machine's, whichever namespace plays the host.
/// </summary>
public sealed class LinuxGuestSpaces(ProcessRunner runner) : IGuestSpaces
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public bool Exists(string space) => File.Exists("/run/netns/" + space);

    public async Task Create(string space, CancellationToken stop)
    {
        if (!Exists(space))
        {
            await Ip(["netns", "add", space], stop);
        }
    }

    public async Task Launch(string space, string script, string argument, CancellationToken stop)
    {
        ToolResult result = await runner.Run(
            "setsid", ["--fork", "ip", "netns", "exec", space, "/bin/sh", script, argument], null, stop);
        if (!result.Good)
        {
            throw new OperatingFaultException($"{script} was not started in {space}: {result.Words}", mayRetry: true);
        }
    }

    public async Task EndAll(string space, CancellationToken stop)
    {
        // Again until none is left: what is ended may have started another.
        for (int i = 0; i < 5 && Exists(space); i++)
        {
            int[] pids = [.. ToolResult.Lines(await Ip(["netns", "pids", space], stop))
                .Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
            if (pids.Length == 0)
            {
                return;
            }

            await Processes.End(pids, Patience, stop);
        }
    }

    public async Task Delete(string space, CancellationToken stop)
    {
        if (Exists(space))
        {
            await EndAll(space, stop);
            await Ip(["netns", "del", space], stop);
        }
    }

    private async Task<string> Ip(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        ToolResult result = await runner.Run("ip", arguments, null, stop);
        return result.Good
            ? result.Output
            : throw new OperatingFaultException($"ip {string.Join(' ', arguments)}: {result.Words}", mayRetry: true);
    }
}
