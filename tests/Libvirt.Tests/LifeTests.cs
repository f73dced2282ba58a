using System.Diagnostics;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Compute.Libvirt;
using NovaOrleans.Agent.Host;
using NovaOrleans.Instances;
using NovaOrleans.Testing;
using Xunit.Abstractions;

namespace NovaOrleans.LibvirtTests;

/// <summary>How guests come and go, by the core's word and otherwise.</summary>
[Trait("tier", "kernel")]
public sealed class LifeTests(LibvirtHost host, ITestOutputHelper output) : IClassFixture<LibvirtHost>
{
    [Fact]
    [Trait("seed", "S134")]
    public async Task A_guest_that_is_destroyed_by_hand_loses_its_network_and_the_core_is_told()
    {
        Vm vm = new(2);
        host.Bind(vm);
        await host.UntilTold(vm, BindingOutcome.Applied);
        Assert.True(await host.HasLink(vm.Port()));

        long began = Stopwatch.GetTimestamp();
        await host.Libvirtd.Virsh("destroy", DomainXml.NameOf(vm.Id));
        await host.UntilTold(vm, BindingOutcome.Failed);
        LibvirtHost.Figure(output, "destroy by hand to the core's knowledge", Stopwatch.GetElapsedTime(began));
        Assert.Contains("ended by itself", host.Grain.Told[vm.Vnic()].Fault, StringComparison.Ordinal);
        Assert.False(await host.HasLink(vm.Port()));

        host.Grain.Teardown(vm.Spec, vm.Vnic(), 1);
        await host.UntilTold(vm, BindingOutcome.TornDown);
        Assert.DoesNotContain(DomainXml.NameOf(vm.Id), await host.Libvirtd.Virsh("list", "--all", "--name"), StringComparison.Ordinal);
        Assert.Equal(
            [BindingOutcome.Applied, BindingOutcome.Failed, BindingOutcome.TornDown],
            host.Grain.Reports.SelectMany(r => r.Bindings).Where(b => b.Vnic == vm.Vnic()).Select(b => b.Outcome));
        Assert.Equal("", host.ConsoleOf(vm));
    }

    [Fact]
    public async Task A_driver_hears_that_a_domain_ended_and_knows_it_as_lost_even_when_it_was_undefined()
    {
        Vm vm = new(3);
        using LibvirtDriver driver = Another();
        await driver.Define(vm.Spec, CancellationToken.None);
        await driver.Start(vm.Spec, GuestBoot.Empty, CancellationToken.None);
        Assert.Equal(GuestStatus.Running, await StatusOf(driver, vm));
        await Drain(driver);

        Task heard = driver.UntilChanged(CancellationToken.None);
        await host.Libvirtd.Virsh("destroy", DomainXml.NameOf(vm.Id));
        await heard.WaitAsync(Poll.UsualLimit);
        Assert.Equal(GuestStatus.Lost, await StatusOf(driver, vm));
        await host.Libvirtd.Virsh("undefine", DomainXml.NameOf(vm.Id));
        Assert.Equal(GuestStatus.Lost, await StatusOf(driver, vm));
        await driver.Undefine(vm.Id, CancellationToken.None);
        Assert.Null(await StatusOf(driver, vm));
    }

    [Fact]
    public async Task An_instance_moves_to_another_host_with_its_address()
    {
        Vm vm = new(4);
        host.Bind(vm);
        await host.UntilSays(vm, $"LEASE eth0 {vm.Address()}");
        await host.UntilPings(vm);

        await using Netns there = await Netns.Create("nvl");
        string state = Path.Combine(host.Libvirtd.Folder, "there");
        await using TestAgent other = await TestAgent.Start(new AgentOptions
        {
            Host = "h2",
            State = state,
            NetworkSpace = there.Name,
            Compute = "namespaces",
        });
        long began = Stopwatch.GetTimestamp();
        host.Grain.Teardown(vm.Spec, vm.Vnic(), 1);
        await host.UntilTold(vm, BindingOutcome.TornDown);
        Assert.False(await host.HasLink(vm.Port()));
        Assert.False(await Netns.Pings(host.Space, vm.Address().ToString()));

        Vm moved = vm with { Generation = 2 };
        other.Bind(moved);
        await other.UntilTold(moved, BindingOutcome.Applied);
        await Poll.Until(() => Netns.Pings(there.Name, vm.Address().ToString()), "it answers on the other host");
        LibvirtHost.Figure(output, "cold move, teardown to ping", Stopwatch.GetElapsedTime(began));
        Assert.Equal((1, 2), (host.Grain.Told[vm.Vnic()].Generation, other.Grain.Told[vm.Vnic()].Generation));

        other.Grain.Teardown(moved.Spec, moved.Vnic(), 2);
        await other.UntilTold(moved, BindingOutcome.TornDown);
    }

    [Fact]
    [Trait("seed", "S91"), Trait("seed", "S140")]
    public async Task A_guest_without_dhcp_comes_up_from_the_file_that_was_injected_into_its_initramfs()
    {
        await using Netns outside = await Netns.Create("nvl");
        await host.Libvirtd.Space.Ip("link", "add", "wire0", "up", "type", "veth", "peer", "name", "eth0", "netns", outside.Name);
        await outside.Ip("addr", "add", "10.11.0.1/24", "dev", "eth0");
        await outside.Ip("link", "set", "eth0", "up");
        Vm vm = new(5) { Service = Vm.Flat, Uplink = "wire0" };
        host.Bind(vm);
        await host.UntilSays(vm, $"STATIC eth0 {vm.Address()}");
        await Poll.Until(() => Netns.Pings(outside.Name, vm.Address().ToString()), "it is reached through the host's uplink");
        await Gone(vm);
    }

    [Fact]
    public async Task A_port_that_libvirt_makes_itself_has_its_guard_before_and_goes_with_the_guest()
    {
        Vm vm = new(6) { Service = Vm.L2 };
        host.Bind(vm);
        await host.UntilTold(vm, BindingOutcome.Applied);
        Assert.Contains("master br21", await host.Libvirtd.Space.Ip("link", "show", "dev", vm.Port()), StringComparison.Ordinal);
        Assert.Contains(
            $"\"{vm.Port()}\" . {vm.Mac()}",
            await host.Libvirtd.Space.Exec("nft", "list", "set", "bridge", "nova", "bound_mac"), StringComparison.Ordinal);
        await Gone(vm);
        Assert.False(await host.HasLink(vm.Port()));
    }

    [Fact]
    public async Task A_domain_that_was_not_defined_here_is_neither_seen_nor_touched()
    {
        Vm vm = new(7);
        string file = Path.Combine(host.Libvirtd.Folder, "foreign.xml");
        await File.WriteAllTextAsync(
            file, $"<domain type='qemu'><name>nova-foreign</name><uuid>{vm.Id}</uuid><memory unit='MiB'>32</memory><os><type>hvm</type></os></domain>");
        await host.Libvirtd.Virsh("define", file);
        string before = await host.Libvirtd.Virsh("dumpxml", "nova-foreign");
        Assert.Null(await StatusOf(host.Driver, vm));

        host.Bind(vm);
        await host.UntilTold(vm, BindingOutcome.Failed);
        Assert.Contains("was not defined here", host.Grain.Told[vm.Vnic()].Fault, StringComparison.Ordinal);
        await Gone(vm);
        Assert.Equal(before, await host.Libvirtd.Virsh("dumpxml", "nova-foreign"));
        await host.Libvirtd.Virsh("undefine", "nova-foreign");
    }

    [Fact]
    public async Task An_instance_that_no_machine_can_boot_is_told_as_such()
    {
        Vm without = new(8) { BootsFrom = null };
        Vm missing = new(9) { BootsFrom = Vm.Image with { Kernel = "no-such-kernel" } };
        host.Bind(without);
        host.Bind(missing);
        await host.UntilTold(without, BindingOutcome.Failed);
        await host.UntilTold(missing, BindingOutcome.Failed);
        Assert.Contains("without an image that a machine can boot", host.Grain.Told[without.Vnic()].Fault, StringComparison.Ordinal);
        Assert.Contains("no file no-such-kernel in its images folder", host.Grain.Told[missing.Vnic()].Fault, StringComparison.Ordinal);
        await Gone(without);
        await Gone(missing);
    }

    private async Task Gone(Vm vm)
    {
        host.Grain.Teardown(vm.Spec, vm.Vnic(), vm.Generation);
        await host.UntilTold(vm, BindingOutcome.TornDown);
    }

    /// <summary>A driver of its own folder on the same libvirtd: the agent's has nothing to do with what it starts.</summary>
    private LibvirtDriver Another() => new(
        new LibvirtOptions(host.Libvirtd.Uri, "qemu", PrivateLibvirtd.Images, Path.Combine(host.Libvirtd.Folder, "another")),
        new LinuxGuestMedia(new ProcessRunner()), TimeProvider.System);

    private static async Task<GuestStatus?> StatusOf(LibvirtDriver driver, Vm vm) =>
        (await driver.List(CancellationToken.None)).FirstOrDefault(g => g.Instance == vm.Id)?.Status;

    /// <summary>Its own deeds are heard as well.</summary>
    private static async Task Drain(LibvirtDriver driver)
    {
        using CancellationTokenSource quiet = new(TimeSpan.FromMilliseconds(500));
        while (!quiet.IsCancellationRequested)
        {
            await driver.UntilChanged(quiet.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
