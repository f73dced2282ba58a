namespace NovaOrleans.Agent.Host;

/// <summary>br_netfilter: whether it is there, and on for all bridges. Its switches are of a network namespace.</summary>
internal sealed class BridgeFilterModule(HostTools tools)
{
    private const string Folder = "/proc/sys/net/bridge/";

    public async Task<BridgeFilter> Read(CancellationToken stop)
    {
        ToolResult read = await tools.ReadFiles([$"{Folder}bridge-nf-call-iptables", $"{Folder}bridge-nf-call-ip6tables"], stop);
        return !read.Good ? BridgeFilter.Missing
            : ToolResult.Lines(read.Output).All(l => l == "1") ? BridgeFilter.On : BridgeFilter.Off;
    }

    /// <summary>One loading does for all bridges.</summary>
    public async Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<LoadBridgeFilter> steps, CancellationToken stop)
    {
        if (steps.Count == 0)
        {
            return [];
        }

        string? fault = await tools.LoadModule("br_netfilter", stop) ? null : KernelFaults.NoBridgeFilter;
        return [.. steps.Select(s => new StepResult(s, fault))];
    }
}
