using System.Diagnostics;
using NovaOrleans.Agent;
using NovaOrleans.Testing;
using Xunit.Abstractions;

namespace NovaOrleans.AgentTests;

/// <summary>
/// VLANs by 802.1Q devices, which the kernels of some machines lack: the agent's code runs on Debian's kernel in an
/// emulated machine, and the other host on the trunk is here, with Open vSwitch. So each switch has the other for its
/// witness.
/// </summary>
[Trait("tier", "nested")]
public sealed class NestedTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("nova-nested-").FullName;
    private LinuxBench _outside = null!;

    public async Task InitializeAsync() => _outside = await LinuxBench.Create(ovs: true);

    public async Task DisposeAsync()
    {
        await _outside.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Vlans_of_a_linux_switch_meet_those_of_open_vswitch_on_one_trunk()
    {
        string images = Path.Combine(NovaProcess.Artifacts, "nested");
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        await Netns.Tool(
            "bash", Path.Combine(AppContext.BaseDirectory, "nested", "make-nested-host.sh"), images,
            Path.Combine(NovaProcess.Artifacts, "bin", "NestedHost", configuration));
        await _outside.Space.Ip("tuntap", "add", "dev", "eth1", "mode", "tap");
        await _outside.Space.Ip("link", "set", "eth1", "up");
        await using Capture trunk = await Capture.Start(_outside.Space.Name, "eth1");
        Sketch sketch = new(_outside.Compute.AttachmentOf, Random.Shared.Next(1, 1 << 24));
        Verified verified = await _outside.Reconcile(sketch
            .With(1, [4], dhcp: true).Over("eth1", 1, tag: 100)
            .With(2, [5], dhcp: true).Over("eth1", 2, tag: 200).Build());
        Assert.True(verified.Differences.IsEmpty, $"{string.Join('\n', verified.Applied.Faults)}\n{verified.Differences}");

        long began = Stopwatch.GetTimestamp();
        string[] facts = await Boot(images);
        output.WriteLine(string.Join('\n', facts));
        output.WriteLine($"figure: a nested host took {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s from power on to power off");
        Assert.Contains(facts, f => f.StartsWith("made: ", StringComparison.Ordinal));
        Assert.All(facts.Where(f => f.Contains("converged", StringComparison.Ordinal)), f => Assert.EndsWith("converged True", f));
        Assert.DoesNotContain(facts, f => f.StartsWith("fault", StringComparison.Ordinal));
        Assert.Contains("again: 0 steps, converged True", facts);
        Assert.Contains("vlan100 is VLAN 100 of eth0 on br1 mtu 1500", facts);
        Assert.Contains("vlan200 is VLAN 200 of eth0 on br2 mtu 1500", facts);
        Assert.Equal(2, facts.Count(f => f == "vm100 reaches 10.1.0.14: True"));
        Assert.Equal(2, facts.Count(f => f == "vm200 reaches 10.2.0.15: True"));
        Assert.Equal(2, facts.Count(f => f == "vm100 reaches 10.2.0.15: False"));
        Assert.Equal(["+ vlan vlan100 id 100 on eth0 mtu 1500", "+ uplink vlan100 on br1"],
            facts.Where(f => f.StartsWith("mended ", StringComparison.Ordinal)).Select(f => f["mended ".Length..]));
        Assert.Contains("shorter ~ link vlan100 mtu 1400", facts);
        Assert.Contains("links left: eth0 lo", facts);
        Assert.Equal("done", facts[^1]);
        foreach ((string tag, string address) in new[] { ("vlan 100,", "10.1.0.14"), ("vlan 200,", "10.2.0.15") })
        {
            Assert.Contains(trunk.Lines, l => l.Contains(tag, StringComparison.Ordinal) && l.Contains(address, StringComparison.Ordinal));
        }
    }

    /// <summary>From power to power off; the answer is what the nested host said.</summary>
    private async Task<string[]> Boot(string images)
    {
        string console = Path.Combine(_folder, "console");
        ProcessStartInfo start = new("ip",
        [
            "netns", "exec", _outside.Space.Name,
            "qemu-system-x86_64", "-M", "pc", "-accel", "tcg", "-cpu", "max", "-smp", "2", "-m", "1024",
            "-nographic", "-nodefaults", "-no-reboot", "-monitor", "none", "-serial", $"file:{console}",
            "-kernel", Path.Combine(images, "vmlinuz"), "-initrd", Path.Combine(images, "initrd"),
            "-append", "console=ttyS0 quiet panic=-1 random.trust_cpu=on",
            "-netdev", "tap,id=n,ifname=eth1,script=no,downscript=no,vnet_hdr=off",
            "-device", "virtio-net-pci,netdev=n,mac=52:54:00:09:00:01,romfile=",
        ]);
        using Process machine = Process.Start(start) ?? throw new InvalidOperationException("qemu does not start");
        try
        {
            await Poll.Until(() => machine.HasExited, "the nested host has powered off", Limit);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{await File.ReadAllTextAsync(console)}");
        }
        finally
        {
            if (!machine.HasExited)
            {
                machine.Kill();
            }
        }

        return
        [
            // The firmware leaves its own signs on the first line.
            .. (await File.ReadAllLinesAsync(console)).Select(l => l.TrimEnd().Split("nested: ")).Where(p => p.Length > 1)
                .Select(p => p[^1]),
        ];
    }
}
