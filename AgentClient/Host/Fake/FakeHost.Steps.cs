namespace NovaOrleans.Agent.Host;

public sealed partial class FakeHost
{
    /// <summary>Does the step, or answers with the kernel's reason for refusing it.</summary>
    private string? Try(Step step) => step switch
    {
        AddBridge s => Add(new ActualLink(s.Bridge.Name, LinkKind.Bridge, Ours: true, Up: true, s.Bridge.Mtu)),
        AddVlanLink s => AddVlan(s.Link),
        AddVxlanLink s => AddVxlan(s.Link),
        AddForwarding s => Forward(s.Link, f => [.. f.Where(e => e.Mac is null || e.Mac != s.Entry.Mac), s.Entry]),
        RemoveForwarding s => Forward(s.Link, f => f.Remove(s.Entry)),
        AddPatch s => AddPatch(s.Link, SwitchNames.EndOf(s.Link.Name)),
        AddSwitch or SetTrunk or SetAccess or RemoveAccess or RemoveSwitch => TrySwitch(step),
        AddPort s => Plug(s.Placed),
        TuneBridge s => Change(s.Bridge, l => l with { Tuned = true }),
        SetMtu s => Change(s.Link, l => l with { Mtu = s.Mtu }),
        SetDown s => Change(s.Link, l => l with { Up = false }),
        SetUp s => Change(s.Link, l => l with { Up = true }),
        MovePort s => Enslave(s.Port, s.Bridge),
        AddUplink s => Enslave(s.Link, s.Bridge),
        RemoveUplink s => Change(s.Link, l => l with { Master = null }),
        AddAddress s => Change(s.Link, l => l with { Addresses = l.Addresses.Add(s.Address) }),
        RemoveAddress s => Change(s.Link, l => l with { Addresses = l.Addresses.Remove(s.Address) }),
        RemoveLink s => Delete(s.Link),
        SetHairpin s => Change(s.Port, l => l with { Hairpin = s.On }),
        SetForwarding => Forward(),
        AddFloatingAddress s => Change(s.Link, l => l with { FloatingAddresses = l.FloatingAddresses.Add(s.Address) }),
        RemoveFloatingAddress s => Change(s.Link, l => l with { FloatingAddresses = l.FloatingAddresses.Remove(s.Address) }),
        ForgetFlows => null,
        LoadFirewall => Change(f => f with { Present = true, Intact = true }),
        UnloadFirewall => Change(_ => ActualFirewall.Absent),
        AddElement s => AddElement(s.Element),
        RemoveElement s => RemoveElement(s.Element),
        LoadBridgeFilter => LoadFilter(),
        StartDhcp s => Serve(s.Network, s.Scope),
        ReloadDhcp s => Serve(s.Network, s.Scope),
        StopDhcp s => StopServing(s.Network),
        _ => throw new InvalidOperationException($"{step.GetType().Name} is no step about the network"),
    };

    private static string NoLink(string name) => $"Cannot find device \"{name}\"";

    private string? Add(ActualLink link)
    {
        if (_now.Links.ContainsKey(link.Name))
        {
            return "RTNETLINK answers: File exists";
        }

        Put(link);
        return null;
    }

    private string? AddVlan(VlanLink link)
    {
        if (!HasVlans)
        {
            return KernelFaults.NoVlans;
        }

        if (!_now.Links.ContainsKey(link.Parent))
        {
            return NoLink(link.Parent);
        }

        return _now.Links.Values.Any(l => l.Parent == link.Parent && l.Tag == link.Tag)
            ? "RTNETLINK answers: File exists"
            : Add(new ActualLink(link.Name, LinkKind.Vlan, Ours: true, Up: true, link.Mtu)
            {
                Parent = link.Parent,
                Tag = link.Tag,
            });
    }

    private string? Plug(PlacedPort placed)
    {
        GuestPort port = placed.Port;
        string? space = (placed.Attachment as GuestSpace)?.Name;
        if (space is not null && !_spaces.Contains(space))
        {
            return $"Invalid \"netns\" value \"{space}\"";
        }

        if (!_now.Links.TryGetValue(port.Bridge, out ActualLink? bridge) || bridge.Kind != LinkKind.Bridge)
        {
            return NoLink(port.Bridge);
        }

        LinkKind kind = space is null ? LinkKind.Tap : LinkKind.Veth;
        return Add(new ActualLink(port.Name, kind, Ours: true, port.Up, port.Mtu, port.Bridge)
        {
            GuestSpace = space,
            Carrier = space is not null,
        });
    }

    private string? Enslave(string link, string bridge) =>
        _now.Links.TryGetValue(bridge, out ActualLink? master) && master.Kind == LinkKind.Bridge
            ? Change(link, l => l with { Master = bridge })
            : NoLink(bridge);

    private string? Change(string link, Func<ActualLink, ActualLink> change)
    {
        if (!_now.Links.TryGetValue(link, out ActualLink? before))
        {
            return NoLink(link);
        }

        Put(change(before));
        return null;
    }

    /// <summary>What is gone already, is gone.</summary>
    private string? Delete(string link)
    {
        Remove(link);
        return null;
    }

    private string? Change(Func<ActualFirewall, ActualFirewall> change)
    {
        _now = _now with { Firewall = change(_now.Firewall) };
        return null;
    }

    private string? Forward()
    {
        _now = _now with { Forwards = true };
        return null;
    }

    private string? AddElement(NftElement element) => _now.Firewall.Present
        ? Change(f => f with { Elements = f.Elements.Add(element) })
        : "Error: No such file or directory";

    private string? RemoveElement(NftElement element) =>
        Change(f => f with { Elements = f.Elements.Remove(element) });

    private string? LoadFilter()
    {
        if (!HasBridgeFilter)
        {
            return KernelFaults.NoBridgeFilter;
        }

        SetBridgeFilter(BridgeFilter.On);
        return null;
    }

    private string? Serve(string network, DhcpScope scope)
    {
        if (!_now.Links.ContainsKey(scope.Bridge))
        {
            return $"dnsmasq: unknown interface {scope.Bridge}";
        }

        ActualDhcp server = new(network, Running: true, DhcpText.Configuration(scope), DhcpText.HostLines(scope));
        _now = _now with { Dhcp = _now.Dhcp.SetItem(network, server) };
        return null;
    }

    private string? StopServing(string network)
    {
        _now = _now with { Dhcp = _now.Dhcp.Remove(network) };
        return null;
    }
}
