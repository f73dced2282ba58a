namespace NovaOrleans.Agent;

public sealed record AddVxlanLink(VxlanLink Link) : Step(Phase.Links, '+', Link.Name)
{
    public override string Text =>
        $"vxlan {Link.Name} id {Link.Vni} local {Link.Local} port {Link.UdpPort} nolearning mtu {Link.Mtu}";
}

/// <summary>
/// Where a VXLAN link sends what is for a MAC, or what is for nobody that it knows. <paramref name="Again"/>: the MAC was
/// somewhere else, and is moved in one step, so that no frame for it is flooded in between.
/// </summary>
public sealed record AddForwarding(string Link, ForwardingEntry Entry, bool Again) : Step(Phase.Forwarding, Again ? '~' : '+', Link)
{
    public override string Text => $"fdb {Entry} on {Link}";
}

public sealed record RemoveForwarding(string Link, ForwardingEntry Entry) : Step(Phase.Forwarding, '-', Link)
{
    public override string Text => $"fdb {Entry} on {Link}";
}
