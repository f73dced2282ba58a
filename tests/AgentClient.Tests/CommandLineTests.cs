using NovaOrleans.Agent;
using NovaOrleans.Agent.Host;
using NovaOrleans.Outcomes;

namespace NovaOrleans.AgentTests;

/// <summary>What an operator types, and what the tools are given.</summary>
public sealed class CommandLineTests
{
    private static async Task<AgentOptions> Read(params string[] arguments)
    {
        AgentOptions? read = null;
        Assert.Equal(0, await AgentCommandLine.Invoke(arguments, (options, _) =>
        {
            read = options;
            return Task.FromResult(0);
        }));
        return read!;
    }

    [Fact]
    public async Task Flags_become_options()
    {
        AgentOptions options = await Read(
            "--host", "h1", "--netns", "lab", "--state", "/var/tmp/x", "--compute", "none", "--gateway", "10.0.0.1:30001", "--plan",
            "--libvirt_uri", "qemu:///session", "--libvirt_type", "qemu", "--image_folder", "/srv/images", "--my_ip", "192.0.2.1");
        Assert.Equal("192.0.2.1", options.MyIp);
        Assert.Equal(("h1", "lab", "/var/tmp/x", "none", AgentMode.Plan),
            (options.Host, options.NetworkSpace, options.State, options.Compute, options.Mode));
        Assert.Equal(("qemu:///session", "qemu", "/srv/images"), (options.LibvirtUri, options.LibvirtType, options.ImageFolder));
        Assert.Equal(["10.0.0.1:30001"], options.Gateways);
        Assert.Equal(AgentMode.Observe, (await Read("--observe")).Mode);
        Assert.Equal(["127.0.0.1:30000"], (await Read()).Gateways);
    }

    [Fact]
    public void Every_fault_of_the_options_is_named_with_its_flag()
    {
        AgentOptions bad = new()
        {
            Host = "a b",
            NetworkSpace = "../x",
            State = "here",
            Compute = "kvm",
            Gateways = ["nowhere"],
            LibvirtUri = "here",
            LibvirtType = "xen",
            ImageFolder = "images",
            MyIp = "224.0.0.1",
        };
        string[] faults = [.. new AgentOptionsValidator().Validate(null, bad).Failures!];
        Assert.Equal(["--host", "--netns", "--state", "--compute", "--libvirt_uri", "--libvirt_type", "--image_folder", "--my_ip", "--gateway"], faults.Select(f => f.Split(':')[0]));
        Assert.True(new AgentOptionsValidator().Validate(null, new AgentOptions()).Succeeded);
    }

    [Fact]
    public async Task A_tool_that_does_not_end_is_ended_and_one_that_is_missing_is_named()
    {
        ProcessRunner runner = new(TimeSpan.FromMilliseconds(100));
        OperatingFaultException late = await Assert.ThrowsAsync<OperatingFaultException>(
            () => runner.Run("sleep", ["60"], null, CancellationToken.None));
        Assert.True(late.MayRetry);
        OperatingFaultException missing = await Assert.ThrowsAsync<OperatingFaultException>(
            () => runner.Run("no-such-tool", [], null, CancellationToken.None));
        Assert.StartsWith("no-such-tool cannot be started", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_argument_stays_one_argument_and_words_of_a_fault_are_kept()
    {
        ProcessRunner runner = new();
        Assert.Equal("a b;c $d", (await runner.Run("printf", ["%s", "a b;c $d"], null, CancellationToken.None)).Output);
        ToolResult result = await runner.Run("ls", ["/no/such/place"], null, CancellationToken.None);
        Assert.False(result.Good);
        Assert.Contains("/no/such/place", result.Words, StringComparison.Ordinal);
        Assert.Equal("in", (await runner.Run("cat", [], "in", CancellationToken.None)).Output);
    }
}
