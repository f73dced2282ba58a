using System.Collections.Immutable;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Host;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

// A compute host in a virtual machine, whose kernel has 802.1Q devices: the agent's own code makes two VLAN networks on
// its only card, and says what came of it, a line a fact. The test outside reads the console and watches the trunk.
ProcessRunner runner = new();
LinuxHost host = new(runner, "/run/nova");
NoneDriver compute = new();
DesiredHost desired = Two(mtu: 1500);
foreach (string space in new[] { "vm100", "vm200" })
{
    await new LinuxGuestSpaces(runner).Create(space, CancellationToken.None);
}

Say("made", await Reconcile(desired));
await Ip("-n", "vm100", "addr", "add", "10.1.0.11/24", "dev", "eth0");
await Ip("-n", "vm200", "addr", "add", "10.2.0.12/24", "dev", "eth0");
await Ip("-n", "vm100", "link", "set", "eth0", "up");
await Ip("-n", "vm200", "link", "set", "eth0", "up");
Say("again", await Reconcile(desired));
foreach (ActualLink link in (await host.Observe(CancellationToken.None)).Links.Values.Where(l => l.Kind == LinkKind.Vlan))
{
    Fact($"{link.Name} is VLAN {link.Tag} of {link.Parent} on {link.Master} mtu {link.Mtu}");
}

await SayReach();
await Ip("link", "del", "vlan100");
Say("mended", await Reconcile(desired));
await SayReach();
Say("shorter", await Reconcile(Two(mtu: 1400)));
Say("emptied", await Reconcile(DesiredHost.Empty));
IEnumerable<string> left = (await host.Observe(CancellationToken.None)).Links.Keys;
Fact($"links left: {string.Join(' ', left)}");
return;

static DesiredHost Two(int mtu)
{
    DesiredHost two = DesiredHost.Empty;
    foreach ((int network, int tag, int guest) in new[] { (1, 100, 11), (2, 200, 12) })
    {
        VlanLink vlan = new($"vlan{tag}", "eth0", VlanTag.Create(tag), mtu);
        Bridge bridge = new($"br{network}", mtu, vlan.Name, []);
        VnicId vnic = new(new Guid(guest, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
        MacAddress mac = MacAddress.Parse($"02:00:00:00:00:{guest}");
        GuestPort port = new($"nv{guest:000000000000}", vnic, new InstanceId(vnic.Value), 0, bridge.Name, mac, mtu);
        PortGuard guard = new(port.Name, mac, [Ip4Address.Parse($"10.{network}.0.{guest}")], []);
        two = two with
        {
            VlanLinks = two.VlanLinks.Add(vlan.Name, vlan),
            Bridges = two.Bridges.Add(bridge.Name, bridge),
            Ports = two.Ports.Add(port.Name, new PlacedPort(port, new GuestSpace($"vm{tag}"), ServicePath.Parse("test.nested"))),
            Guards = two.Guards.Add(port.Name, guard),
        };
    }

    return two;
}

async Task<Verified> Reconcile(DesiredHost wanted)
{
    HostObserver observer = new(host, compute);
    Verifier verifier = new(observer, new VnicProgress());
    NetAgents agents = new(ImmutableDictionary<ServicePath, INetAgent>.Empty, TimeProvider.System);
    Plan plan = Planner.Make(await observer.Observe(CancellationToken.None), wanted);
    Applied applied = await new Applier(host, compute, new GuestGate(verifier, agents)).Apply(plan, wanted, CancellationToken.None);
    return await verifier.Verify(wanted, applied, CancellationToken.None);
}

async Task SayReach()
{
    foreach ((string from, string to) in new[] { ("vm100", "10.1.0.14"), ("vm200", "10.2.0.15"), ("vm100", "10.2.0.15") })
    {
        await Ip("-n", from, "route", "replace", $"{to}/32", "dev", "eth0");
        ToolResult ping = await runner.Run(
            "ip", ["netns", "exec", from, "ping", "-n", "-c", "3", "-W", "3", to], null, CancellationToken.None);
        Fact($"{from} reaches {to}: {ping.Good}");
    }
}

async Task Ip(params string[] arguments)
{
    ToolResult result = await runner.Run("ip", arguments, null, CancellationToken.None);
    if (!result.Good)
    {
        Fact($"ip {string.Join(' ', arguments)}: {result.Words}");
    }
}

static void Say(string what, Verified verified)
{
    Fact($"{what}: {verified.Applied.Plan.Steps.Count(s => s is not Refused)} steps, converged {verified.Converged}");
    foreach (Step step in verified.Applied.Plan.Steps.Where(s => s.Phase is Phase.Links or Phase.RemoveLinks))
    {
        Fact($"{what} {step}");
    }

    foreach (StepResult fault in verified.Applied.Faults)
    {
        Fact($"fault {fault}");
    }
}

static void Fact(string text) => Console.WriteLine($"nested: {text}");
