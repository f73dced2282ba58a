namespace NovaOrleans.Agent.Host;

/// <summary>qemu-img(1) and genisoimage(1).</summary>
public sealed class LinuxGuestMedia(ProcessRunner runner) : IGuestMedia
{
    public Task MakeOverlay(string backing, string format, string target, CancellationToken stop) =>
        Run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", format, "-b", backing, target], stop);

    public Task MakeDrive(string folder, string label, string target, CancellationToken stop) =>
        Run("genisoimage", ["-quiet", "-joliet", "-rock", "-volid", label, "-output", target, folder], stop);

    private async Task Run(string program, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        ToolResult result = await runner.Run(program, arguments, null, stop);
        if (!result.Good)
        {
            throw new OperatingFaultException($"{program} {string.Join(' ', arguments)}: {result.Words}", mayRetry: true);
        }
    }
}
