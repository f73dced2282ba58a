using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;
using Xunit.Abstractions;

namespace NovaOrleans.LibvirtTests;

/// <summary>A machine under libvirt, and what its NICs can do. All of it on the one guest that was booted for all.</summary>
[Trait("tier", "kernel")]
public sealed class GuestTests(GuestHost host, ITestOutputHelper output) : IClassFixture<GuestHost>
{
    private const int EchoPort = 7;
    private static readonly IPAddress Stolen = IPAddress.Parse("10.99.99.99");

    private Vm Vm => host.First;

    [Fact]
    [Trait("seed", "S92")]
    public async Task A_guest_boots_leases_its_address_and_is_reached()
    {
        LibvirtHost.Figure(output, "from the core's word to the guest's lease", host.Boot.Lease);
        LibvirtHost.Figure(output, "from the core's word to the first ping", host.Boot.Ping);
        await host.UntilTold(Vm, BindingOutcome.Applied);
        string console = host.ConsoleOf(Vm);
        Assert.Contains($"NIC+ eth0 {Vm.Mac()}", console, StringComparison.Ordinal);
        Assert.Contains($"LEASE eth0 {Vm.Address()} mtu=1400", console, StringComparison.Ordinal);
        Assert.True(await Netns.Reaches(host.Space, Vm.Address().ToString()));
        Assert.Contains("mtu 1400", await host.Libvirtd.Space.Ip("link", "show", "dev", Vm.Port()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nic_is_plugged_into_the_running_guest_and_pulled_out_again()
    {
        await PlugSecondNic("hot plug to lease");
        await host.UntilPings(Vm, nic: 1);
        Assert.True(await host.HasLink(Vm.Port(1)));

        long asked = Stopwatch.GetTimestamp();
        await UnplugSecondNic();
        LibvirtHost.Figure(output, "hot unplug to report", Stopwatch.GetElapsedTime(asked));
        await host.UntilSays(Vm, "NIC- eth1");
        Assert.False(await host.HasLink(Vm.Port(1)));
        Assert.False(await host.HasLink("br2"), "the network's bridge went with its last port");
        Assert.True(await Netns.Reaches(host.Space, Vm.Address().ToString()), "the first NIC is untouched");
        Assert.Equal(1, Boots());
    }

    [Fact]
    public async Task A_port_that_was_deleted_is_made_anew_and_the_guest_plugged_into_it()
    {
        int leases = Count(host.ConsoleOf(Vm), "LEASE eth0");
        await host.Libvirtd.Space.Ip("link", "del", Vm.Port());
        // The agent looks every ten seconds, and at every word of the core.
        host.Bind(Vm);
        await UntilLeases("eth0", leases);
        await host.UntilPings(Vm);
        Assert.Equal(1, Boots());
    }

    [Fact]
    [Trait("seed", "S141")]
    public async Task What_the_guest_sends_from_a_stolen_address_ends_at_its_port()
    {
        using RawFrames bridge = RawFrames.Open(host.Space, "br1");
        await SendsInVain(bridge, times: 3);
        Assert.True(await Netns.Reaches(host.Space, Vm.Address().ToString()), "what it sends from its own address arrives");
        Assert.DoesNotMatch(
            @"counter drop_(ip4|arp) \{\s+packets 0 [^}]*\}\s+counter drop_(ip4|arp) \{\s+packets 0 ",
            await host.Libvirtd.Space.Exec("nft", "list", "counters", "table", "bridge", "nova"));

        // Once the guard knows the address too, it does arrive: it was the guard that kept it back. The agent takes that away again,
        // perhaps before the guest has sent anything.
        await Poll.Until(
            async () =>
            {
                await host.Libvirtd.Space.Exec(
                    "nft", "add", "element", "bridge", "nova", "bound_ip4", $"{{ {Vm.Port()} . {Vm.Mac()} . {Stolen} }}");
                return Count(bridge, Stolen) > 0;
            },
            "with a guard that allows it, it arrives");
    }

    [Fact]
    [Trait("seed", "S11"), Trait("seed", "D6")]
    public async Task A_rule_lets_in_to_the_running_guest_and_its_revocation_cuts_what_it_let_in()
    {
        SecurityGroupId group = new(Guid.NewGuid());
        SecurityRule echo = new(new SecurityRuleId(Guid.NewGuid()), RuleProtocol.Tcp, EchoPort, EchoPort, "0.0.0.0/0", null);
        Task Tell(params SecurityRule[] rules) => host.Tell(new SecurityGroupFact(group, "web", rules));
        string address = Vm.Address().ToString();
        using (Socket all = await SpaceSockets.Connect(host.Space, address, EchoPort))
        {
            Assert.True(await all.Answers("all"), "without groups all may come in");
        }

        await Tell();
        host.Bind(Vm with { Groups = [group] });
        await host.UntilMade();
        Assert.True(await SpaceSockets.Refuses(host.Space, address, EchoPort));
        Assert.False(await Netns.Pings(host.Space, address));

        long asked = Stopwatch.GetTimestamp();
        await Tell(echo);
        LibvirtHost.Figure(output, "a rule to its report", Stopwatch.GetElapsedTime(asked));
        using Socket flow = await SpaceSockets.Connect(host.Space, address, EchoPort);
        Assert.True(await flow.Answers("open"));
        Assert.False(await Netns.Pings(host.Space, address), "the rule speaks of one port");

        asked = Stopwatch.GetTimestamp();
        await Tell();
        LibvirtHost.Figure(output, "its revocation to its report", Stopwatch.GetElapsedTime(asked));
        Assert.False(await flow.Answers("cut"));
        Assert.True(await SpaceSockets.Refuses(host.Space, address, EchoPort));
        using (RawFrames bridge = RawFrames.Open(host.Space, "br1"))
        {
            await SendsInVain(bridge, times: 1);
        }

        host.Bind(Vm);
        await host.UntilPings(Vm);
        Assert.Equal(1, Boots());
    }

    [Fact]
    public async Task A_restart_of_libvirtd_is_nothing_to_guest_and_agent()
    {
        string process = QemuPid();
        await host.Libvirtd.Kill();
        Assert.True(await Netns.Reaches(host.Space, Vm.Address().ToString()), "the guest goes on without libvirtd");
        long began = Stopwatch.GetTimestamp();
        await host.Libvirtd.Launch();
        await PlugSecondNic("libvirtd's restart to a lease on a NIC plugged after it", began);
        await UnplugSecondNic();
        Assert.Equal(process, QemuPid());
        Assert.Equal(1, Boots());
    }

    [Fact]
    public async Task The_cable_of_a_nic_is_pulled_and_put_back()
    {
        await host.Driver.SetLink(Vm.Id, Vm.Mac().ToString(), up: false, CancellationToken.None);
        Assert.False(await Netns.Pings(host.Space, Vm.Address().ToString()));
        await host.Driver.SetLink(Vm.Id, Vm.Mac().ToString(), up: true, CancellationToken.None);
        await host.UntilPings(Vm);
    }

    /// <summary>What the guest sends from the stolen address is seen at its port and not behind it.</summary>
    private async Task SendsInVain(RawFrames bridge, int times)
    {
        using RawFrames port = RawFrames.Open(host.Space, Vm.Port());
        int sent = 0;
        await Poll.Until(() => (sent += Count(port, Stolen)) >= times, "the guest sends from the stolen address");
        Assert.Equal(0, Count(bridge, Stolen));
    }

    private async Task PlugSecondNic(string figure, long? since = null)
    {
        long asked = since ?? Stopwatch.GetTimestamp();
        int leases = Count(host.ConsoleOf(Vm), "LEASE eth1");
        host.Bind(Vm with { Nics = 2 });
        await UntilLeases("eth1", leases);
        LibvirtHost.Figure(output, figure, Stopwatch.GetElapsedTime(asked));
        await host.UntilTold(Vm, BindingOutcome.Applied, nic: 1);
    }

    private Task UntilLeases(string nic, int more) => Poll.Until(
        () => Task.FromResult(Count(host.ConsoleOf(Vm), $"LEASE {nic}") > more),
        () => $"{nic} has a lease; the guest said {host.ConsoleOf(Vm)}", TimeSpan.FromSeconds(60));

    /// <summary>The core says what NICs the instance has now, and then tears the other one down.</summary>
    private async Task UnplugSecondNic()
    {
        host.Bind(Vm);
        host.Grain.Teardown(Vm.Spec, Vm.Vnic(1), 1);
        await host.UntilTold(Vm, BindingOutcome.TornDown, nic: 1);
    }

    private int Boots() => Count(host.ConsoleOf(Vm), "USERLAND");

    private string QemuPid() => File.ReadAllText(
        Path.Combine(host.Libvirtd.Folder, "run", "qemu", Agent.Compute.Libvirt.DomainXml.NameOf(Vm.Id) + ".pid")).Trim();

    private static int Count(string text, string words) => text.Split(words).Length - 1;

    /// <summary>The IPv4 and ARP frames that wait there and come from this address.</summary>
    private static int Count(RawFrames link, IPAddress from)
    {
        byte[] address = from.GetAddressBytes();
        int count = 0;
        while (link.Receive(TimeSpan.FromMilliseconds(50)) is { } frame)
        {
            bool stolen = frame.Length >= 34 && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)) switch
            {
                0x0800 => frame.AsSpan(26, 4).SequenceEqual(address),
                0x0806 => frame.AsSpan(28, 4).SequenceEqual(address),
                _ => false,
            };
            count += stolen ? 1 : 0;
        }

        return count;
    }
}
