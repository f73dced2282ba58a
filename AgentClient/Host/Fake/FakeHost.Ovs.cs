namespace NovaOrleans.Agent.Host;

public sealed partial class FakeHost
{
    /// <summary>Somebody else makes a bridge in Open vSwitch, with these ports.</summary>
    public void AddForeignSwitch(string name, params string[] ports)
    {
        lock (_lock)
        {
            AddForeignLink(name, LinkKind.Other);
            PutSwitch(new ActualSwitchBridge(name, Ours: false, DesiredHost.Named<ActualSwitchPort>().AddRange(
                ports.Prepend(name).Select(p => KeyValuePair.Create(p, new ActualSwitchPort(p, Ours: false, null, []))))));
        }
    }

    /// <summary>Somebody takes a port out of Open vSwitch.</summary>
    public void DeleteSwitchPort(string port)
    {
        lock (_lock)
        {
            if (_now.Switch!.BridgeWith(port) is { } bridge)
            {
                PutSwitch(bridge with { Ports = bridge.Ports.Remove(port) });
            }
        }
    }

    /// <summary>Open vSwitch stops to answer, or answers again.</summary>
    public void BreakSwitch(string? fault)
    {
        lock (_lock)
        {
            _now = _now with { Switch = _now.Switch! with { Fault = fault } };
        }
    }

    private string? AddPatch(VlanLink link, string end)
    {
        ActualLink one = new(link.Name, LinkKind.Veth, Ours: true, Up: true, link.Mtu) { Peer = end };
        return Add(one) ?? Add(one with { Name = end, Peer = link.Name });
    }

    private string? TrySwitch(Step step) => _now.Switch is not { Fault: null } found ? "no such file or directory" : step switch
    {
        AddSwitch s => MakeSwitch(s.Name),
        SetTrunk s => Connect(s.Switch, new ActualSwitchPort(s.Uplink, Ours: true, null, s.Tags)),
        SetAccess s => Connect(s.Switch, new ActualSwitchPort(s.Port, Ours: true, s.Link.Tag, [])),
        RemoveAccess s => Change(s.Switch, b => b with { Ports = b.Ports.Remove(s.Port) }),
        RemoveSwitch s => Drop(found, s.Name),
        _ => throw new InvalidOperationException($"{step.GetType().Name} is no step about a switch"),
    };

    private string? MakeSwitch(string name)
    {
        ActualSwitchPort itself = new(name, Ours: false, null, []);
        PutSwitch(new ActualSwitchBridge(name, Ours: true, DesiredHost.Named<ActualSwitchPort>().Add(name, itself)));
        AddForeignLink(name, LinkKind.Other);
        return null;
    }

    private string? Connect(string bridge, ActualSwitchPort port) =>
        _now.Switch!.BridgeWith(port.Name) is { } other && other.Name != bridge
            ? $"cannot create a port named {port.Name} because a port named {port.Name} already exists on bridge {other.Name}"
            : !_now.Links.ContainsKey(port.Name) ? $"could not open network device {port.Name} (No such device)"
            : Change(bridge, b => b with { Ports = b.Ports.SetItem(port.Name, port) });

    private string? Change(string bridge, Func<ActualSwitchBridge, ActualSwitchBridge> change)
    {
        if (!_now.Switch!.Bridges.TryGetValue(bridge, out ActualSwitchBridge? before))
        {
            return $"no bridge named {bridge}";
        }

        PutSwitch(change(before));
        return null;
    }

    private string? Drop(ActualSwitch found, string bridge)
    {
        _now = _now with { Switch = found with { Bridges = found.Bridges.Remove(bridge) } };
        return Delete(bridge);
    }

    private void PutSwitch(ActualSwitchBridge bridge) => _now = _now with
    {
        Switch = _now.Switch! with { Bridges = _now.Switch.Bridges.SetItem(bridge.Name, bridge) },
    };
}
