namespace NovaOrleans.Agent;

/// <summary>
/// A veth pair that stands in for an 802.1Q device: this end has the VLAN link's name and goes onto the network's
/// bridge, the other is an access port of Open vSwitch.
/// </summary>
public sealed record AddPatch(VlanLink Link) : Step(Phase.Links, '+', Link.Name)
{
    public override string Text => $"patch {Link.Name} to {SwitchNames.EndOf(Link.Name)} mtu {Link.Mtu}";
}

public sealed record AddSwitch(string Name) : Step(Phase.Switch, '+', Name)
{
    public override string Text => $"ovs bridge {Name}";
}

/// <summary>The uplink as a trunk: it carries these tags and nothing else, not even untagged frames.</summary>
public sealed record SetTrunk(string Switch, string Uplink, ImmutableSortedSet<int> Tags, bool Again)
    : Step(Phase.Switch, Again ? '~' : '+', Switch)
{
    public override string Text => $"ovs trunk {Uplink} on {Switch} tags {string.Join(',', Tags)}";
}

public sealed record SetAccess(string Switch, VlanLink Link, bool Again)
    : Step(Phase.Switch, Again ? '~' : '+', Link.Name)
{
    public string Port => SwitchNames.EndOf(Link.Name);

    public override string Text => $"ovs port {Port} on {Switch} tag {Link.Tag}";
}

public sealed record RemoveAccess(string Switch, string Port) : Step(Phase.RemoveSwitch, '-', Port)
{
    public override string Text => $"ovs port {Port} on {Switch}";
}

/// <summary>Its ports go with it; the uplink is the operator's again.</summary>
public sealed record RemoveSwitch(string Name) : Step(Phase.RemoveSwitch, '-', Name)
{
    public override string Text => $"ovs bridge {Name}";
}
