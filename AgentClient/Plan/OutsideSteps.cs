namespace NovaOrleans.Agent;

/// <summary>The host passes packets on; once it does it is left so, since others may rely on it.</summary>
public sealed record SetForwarding() : Step(Phase.Outside, '~', "ip_forward")
{
    public override string Text => "net.ipv4.ip_forward 1";
}

/// <summary>A floating IP is the host's own on a link to the outside, which is told at once where it is.</summary>
public sealed record AddFloatingAddress(string Link, string Address) : Step(Phase.Outside, '+', Address)
{
    public override string Text => $"floating address {Address} on {Link}, announced";
}

public sealed record RemoveFloatingAddress(string Link, string Address) : Step(Phase.Outside, '-', Address)
{
    public override string Text => $"floating address {Address} on {Link}";
}

/// <summary>A port gives back to its guest what the guest sent to itself, or does not.</summary>
public sealed record SetHairpin(string Port, bool On) : Step(Phase.Ports, '~', Port)
{
    public override string Text => $"port {Port} hairpin {(On ? "on" : "off")}";
}

/// <summary>Connections by an address that stands for something else now, or for nothing, end.</summary>
public sealed record ForgetFlows(string Address) : Step(Phase.Outside, '-', Address)
{
    public override string Text => $"connections by {Address}";
}
