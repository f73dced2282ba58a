using System.Collections.Immutable;
using System.Globalization;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>
/// Actual and desired hosts as text, a line a thing; <c>Plans/README.md</c> has the words. Ports, guests and networks are
/// small numbers: port 1 is the link nv000000000001 of VNIC 1, for instance 1.
/// </summary>
internal static class HostText
{
    private static readonly ImmutableDictionary<string, string> NoFiles = ImmutableDictionary<string, string>.Empty;

    public static ActualHost Actual(string text, DesiredHost desired)
    {
        ActualHost host = ActualHost.Empty;
        foreach (Line line in Lines(text))
        {
            host = line.Word switch
            {
                "link" => host with { Links = host.Links.Add(line.At(1), Link(line)) },
                "ovs" => host with { Switch = Switch(line, host.Switch ?? ActualSwitch.Empty) },
                "nft" => host with { Firewall = Firewall(line, host, desired) },
                "dhcp" => host with { Dhcp = host.Dhcp.Add(Network(line.At(1)).ToString(), Dhcp(line, desired)) },
                "guest" => host with { Guests = host.Guests.Add(Instance(line.At(1)).ToString(), Status(line.At(2))) },
                "forwards" => host with { Forwards = true },
                _ => throw new FormatException($"actual host: {line.Word}"),
            };
        }

        return host;
    }

    public static DesiredHost Desired(string text)
    {
        DesiredHost host = DesiredHost.Empty;
        foreach (Line line in Lines(text))
        {
            host = line.Word switch
            {
                "bridge" => host with { Bridges = host.Bridges.Add(line.At(1), BridgeOf(line)) },
                "vlan" => host with { VlanLinks = host.VlanLinks.Add(line.At(1), VlanLinkOf(line)) },
                "vxlan" => host with { VxlanLinks = host.VxlanLinks.Add(line.At(1), VxlanLinkOf(line)) },
                "port" => WithPort(host, line),
                "dhcp" => WithDhcp(host, line),
                "floating" => host with { FloatingNats = host.FloatingNats.Add(line.At(1), FloatingOf(line)) },
                "source" => host with { SourceNats = host.SourceNats.Add(line.At(1), SourceOf(line)) },
                _ => throw new FormatException($"desired host: {line.Word}"),
            };
        }

        return host;
    }

    private static Bridge BridgeOf(Line line) =>
        new(line.At(1), line.Number("mtu"), line.After("uplink"), line.AllAfter("addr"));

    private static VlanLink VlanLinkOf(Line line) =>
        new(line.At(1), line.After("on")!, VlanTag.Create(line.Number("id")), line.Number("mtu"));

    private static VxlanLink VxlanLinkOf(Line line) => new(
        line.At(1), Vni.Create(line.Number("vni")), Ip4Address.Parse(line.After("local")!), line.Number("mtu"))
    {
        Forwarding = [.. Forwarding(line)],
    };

    private static IEnumerable<ForwardingEntry> Forwarding(Line line) =>
    [
        .. line.AllAfter("flood").Select(Sketch.Flood),
        .. line.AllAfter("at").Select(a => a.Split(',')).Select(a => new ForwardingEntry(MacAddress.Parse(a[0]), Ip4Address.Parse(a[1]))),
    ];

    private static FloatingNat FloatingOf(Line line) => new(
        Ip4Address.Parse(line.At(1)), Ip4Address.Parse(line.After("to")!), line.After("on")!, line.After("at"));

    private static SourceNat SourceOf(Line line) => new(
        Cidr4.Parse(line.At(1)), line.After("on")!, line.After("at"),
        line.After("as") is { } address ? Ip4Address.Parse(address) : null);

    private static GuestStatus Status(string word) => Enum.Parse<GuestStatus>(word, ignoreCase: true);

    private static DesiredHost WithPort(DesiredHost host, Line line)
    {
        VnicId vnic = new(Guid.Parse($"00000000-0000-0000-0000-{line.At(1).PadLeft(12, '0')}"));
        InstanceSpec spec = new(Instance(line.At(1)), $"vm{line.At(1)}", ProjectId.Parse("p"), [vnic]);
        MacAddress mac = MacAddress.Parse($"02:00:00:00:00:{line.At(1).PadLeft(2, '0')}");
        GuestPort port = new(GuestPort.NameOf(vnic), vnic, spec.Id, 0, line.After("on")!, mac, line.Number("mtu"))
        {
            Up = !line.Has("down"),
        };
        GuestAttachment place = line.Has("tap") ? OpenedByHypervisor.Instance : new GuestSpace(NamespacesDriver.SpaceOf(spec.Id));
        PortGuard guard = new(port.Name, mac, [.. line.AllAfter("ip").Select(Ip4Address.Parse)], []);
        if (line.Has("lost"))
        {
            // As the translator has it: nothing of its network is wanted.
            return host with { Guests = host.Guests.Add(spec.Id.ToString(), new WantedGuest(spec, true, true, NoFiles)) };
        }

        return host with
        {
            Ports = host.Ports.Add(port.Name, new PlacedPort(port, place, Sketch.Service)),
            Guards = line.Has("unguarded") ? host.Guards : host.Guards.Add(port.Name, guard),
            Guests = host.Guests.SetItem(spec.Id.ToString(), new WantedGuest(
                spec, !line.Has("incomplete"), Lost: false, NoFiles)),
        };
    }

    private static DesiredHost WithDhcp(DesiredHost host, Line line)
    {
        DhcpScope scope = new(
            Network(line.At(1)), line.After("on")!, Cidr4.Parse(line.After("cidr")!), Ip4Address.Parse(line.After("server")!),
            null, [], 1500, 3600, [.. line.AllAfter("host").Select(Host)]);
        return host with { DhcpScopes = host.DhcpScopes.Add(scope.Network.ToString(), scope) };
    }

    private static DhcpHost Host(string text) => text.Split(',') is [var mac, var address, var name]
        ? new DhcpHost(MacAddress.Parse(mac), Ip4Address.Parse(address), name)
        : throw new FormatException(text);

    private static ActualLink Link(Line line) => new(
        line.At(1),
        Enum.Parse<LinkKind>(line.At(2), ignoreCase: true),
        line.Has("ours"),
        !line.Has("down"),
        line.Number("mtu"),
        line.After("master"))
    {
        Addresses = ImmutableSortedSet.CreateRange(StringComparer.Ordinal, line.AllAfter("addr")),
        FloatingAddresses = ImmutableSortedSet.CreateRange(StringComparer.Ordinal, line.AllAfter("float")),
        GuestSpace = line.After("space") is { } guest ? NamespacesDriver.SpaceOf(Instance(guest)) : null,
        Hairpin = line.Has("hairpin"),
        Tuned = !line.Has("untuned"),
        Peer = line.After("peer"),
        Vxlan = line.After("vni") is null ? null : new ActualVxlan(
            Vni.Create(line.Number("vni")), Ip4Address.Parse(line.After("local")!), VxlanLink.UsualUdpPort, line.Has("learns"),
            [.. Forwarding(line)]),
        Parent = line.After("on"),
        Tag = line.After("id") is null ? null : VlanTag.Create(line.Number("id")),
    };

    /// <summary>"as-desired" saves writing them all down.</summary>
    /// <summary>Alone the switch itself; otherwise one bridge of it, or one port.</summary>
    private static ActualSwitch Switch(Line line, ActualSwitch before)
    {
        if (line.Has("fault"))
        {
            return before with { Fault = line.After("fault") };
        }

        if (line.After("bridge") is { } name)
        {
            ActualSwitchBridge made = new(name, line.Has("ours"), DesiredHost.Named<ActualSwitchPort>());
            return before with { Bridges = before.Bridges.SetItem(name, made) };
        }

        if (line.After("port") is { } port)
        {
            ActualSwitchBridge on = before.Bridges[line.After("on")!];
            VlanTag? tag = line.After("tag") is null ? null : VlanTag.Create(line.Number("tag"));
            ActualSwitchPort made = new(port, line.Has("ours"), tag,
                [.. line.AllAfter("trunk").Select(t => int.Parse(t, CultureInfo.InvariantCulture))], line.After("broken"));
            return before with { Bridges = before.Bridges.SetItem(on.Name, on with { Ports = on.Ports.SetItem(port, made) }) };
        }

        return before;
    }

    private static ActualFirewall Firewall(Line line, ActualHost host, DesiredHost desired) => new(
        true,
        line.At(1) == "intact",
        line.Has("as-desired")
            ? FirewallElements.Of(desired, b => !host.Links.TryGetValue(b, out ActualLink? link) || link.Ours)
            : [.. line.AllAfter("element").Select(Element)]);

    private static NftElement Element(string text) => text.Split(':', 3) is [var family, var set, var value]
        ? new NftElement(
            family, set, value.Replace("_.", " . ", StringComparison.Ordinal).Replace("_:", " : ", StringComparison.Ordinal))
        : throw new FormatException(text);

    private static ActualDhcp Dhcp(Line line, DesiredHost desired)
    {
        string network = Network(line.At(1)).ToString();
        string text = desired.DhcpScopes.TryGetValue(network, out DhcpScope? scope) ? DhcpText.Configuration(scope) : "";
        return new ActualDhcp(network, line.Has("running"), line.Has("other") ? "" : text,
            ImmutableSortedSet.CreateRange(StringComparer.Ordinal, line.AllAfter("host")));
    }

    private static NetworkId Network(string number) => new(Guid.Parse($"00000000-0000-0000-0001-{number.PadLeft(12, '0')}"));

    private static InstanceId Instance(string number) => new(Guid.Parse($"00000000-0000-0000-0002-{number.PadLeft(12, '0')}"));

    private static IEnumerable<Line> Lines(string text) => text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Where(l => l[0] != '#').Select(l => new Line(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    private sealed record Line(string[] Words)
    {
        public string Word => Words[0];

        public string At(int i) => Words[i];

        public bool Has(string word) => Words.Contains(word);

        public string? After(string word) => AllAfter(word).FirstOrDefault();

        public int Number(string word) => After(word) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 1500;

        public string[] AllAfter(string word) =>
            [.. Words.Index().Where(w => w.Index > 0 && Words[w.Index - 1] == word).Select(w => w.Item)];
    }
}
