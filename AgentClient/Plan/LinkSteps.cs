namespace NovaOrleans.Agent;

public sealed record AddBridge(Bridge Bridge) : Step(Phase.Links, '+', Bridge.Name)
{
    public override string Text => $"bridge {Bridge.Name} mtu {Bridge.Mtu}";
}

/// <summary>
/// A bridge of ours has spanning tree, a forward delay or multicast snooping that it should not have, or does not hand its
/// packets to the firewall.
/// </summary>
public sealed record TuneBridge(string Bridge) : Step(Phase.Links, '~', Bridge)
{
    public override string Text => $"bridge {Bridge} forward_delay 0 stp off mcast_snooping off filtered";
}

public sealed record AddVlanLink(VlanLink Link) : Step(Phase.Links, '+', Link.Name)
{
    public override string Text => $"vlan {Link.Name} id {Link.Tag} on {Link.Parent} mtu {Link.Mtu}";
}

public sealed record SetMtu(Phase Phase, string Link, int Mtu) : Step(Phase, '~', Link)
{
    public override string Text => $"link {Link} mtu {Mtu}";
}

/// <summary>Cuts a port: nothing passes in either direction.</summary>
public sealed record SetDown(string Link) : Step(Phase.Ports, '~', Link)
{
    public override string Text => $"link {Link} down";
}

public sealed record SetUp(Phase Phase, string Link) : Step(Phase, '~', Link)
{
    public override string Text => $"link {Link} up";
}

public sealed record AddAddress(string Link, string Address) : Step(Phase.Links, '+', Link)
{
    public override string Text => $"address {Address} on {Link}";
}

public sealed record RemoveAddress(string Link, string Address) : Step(Phase.Links, '-', Link)
{
    public override string Text => $"address {Address} on {Link}";
}

public sealed record AddUplink(string Bridge, string Link) : Step(Phase.Links, '+', Bridge)
{
    public override string Text => $"uplink {Link} on {Bridge}";
}

public sealed record RemoveUplink(string Bridge, string Link) : Step(Phase.Links, '-', Bridge)
{
    public override string Text => $"uplink {Link} on {Bridge}";
}

public sealed record AddPort(PlacedPort Placed) : Step(Phase.Ports, '+', Placed.Port.Name)
{
    public override string Text =>
        $"port {Placed.Port.Name} on {Placed.Port.Bridge} mtu {Placed.Port.Mtu} "
        + (Placed.Attachment is GuestSpace space
            ? $"to {space.Name} eth{Placed.Port.NicIndex} {Placed.Port.Mac}"
            : $"tap {Placed.Port.Mac}")
        + (Placed.Port.Up ? "" : " down");
}

public sealed record MovePort(string Port, string Bridge) : Step(Phase.Ports, '~', Port)
{
    public override string Text => $"port {Port} on {Bridge}";
}

/// <summary>Takes a link of ours away; a veth's far end goes with it.</summary>
public sealed record RemoveLink(Phase Phase, string Link, LinkKind Kind) : Step(Phase, '-', Link)
{
    public override string Text => Kind switch
    {
        LinkKind.Bridge => $"bridge {Link}",
        LinkKind.Vlan => $"vlan {Link}",
        LinkKind.Vxlan => $"vxlan {Link}",
        LinkKind.Veth when Phase == Phase.RemoveLinks => $"patch {Link}",
        _ => $"port {Link}",
    };
}
