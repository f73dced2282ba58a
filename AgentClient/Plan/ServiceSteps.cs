namespace NovaOrleans.Agent;

/// <summary>Loads our tables anew, in one transaction that keeps their elements.</summary>
public sealed record LoadFirewall(bool Again) : Step(Phase.OpenFirewall, Again ? '~' : '+', FirewallSubject)
{
    public override string Text => "nft tables bridge nova, inet nova, ip nova";
}

public sealed record UnloadFirewall() : Step(Phase.CloseFirewall, '-', FirewallSubject)
{
    public override string Text => "nft tables bridge nova, inet nova, ip nova";
}

public sealed record AddElement(NftElement Element) : Step(Phase.OpenFirewall, '+', Element.Subject)
{
    public override string Text => $"nft element {Element}";
}

/// <summary>Of a port that stays, before anything else happens to it; of one that goes, after it is gone.</summary>
public sealed record RemoveElement(Phase Phase, NftElement Element) : Step(Phase, '-', Element.Subject)
{
    public override string Text => $"nft element {Element}";
}

/// <summary>Loads br_netfilter, without which a bridged packet meets no group.</summary>
public sealed record LoadBridgeFilter(string Bridge) : Step(Phase.OpenFirewall, '+', FilterSubject(Bridge))
{
    public override string Text => $"br_netfilter for {Bridge}";
}

/// <summary>Starts a network's DHCP server, ending the one before it.</summary>
public sealed record StartDhcp(string Network, DhcpScope Scope, bool Again)
    : Step(Phase.Dhcp, Again ? '~' : '+', DhcpSubject(Network))
{
    public override string Text => string.Join("\n", [
        Scope.Cidr is { } cidr ? $"dhcp {Scope.Bridge} {cidr} server {Scope.Server}" : $"dhcp {Scope.Bridge}",
        .. Scope.AdvertisedPrefix is { } prefix ? [$"+ router advertisement {prefix}"] : Array.Empty<string>(),
        .. DhcpText.HostLines(Scope).Select(ServedHost.Added)]);
}

/// <summary>Tells a running DHCP server its new hosts.</summary>
public sealed record ReloadDhcp(
    string Network, DhcpScope Scope, ImmutableSortedSet<string> Added, ImmutableSortedSet<string> Removed)
    : Step(Phase.Dhcp, '~', DhcpSubject(Network))
{
    public override string Text => string.Join("\n", [
        $"dhcp {Scope.Bridge} {Scope.Cidr} reload",
        .. Added.Select(ServedHost.Added),
        .. Removed.Select(ServedHost.Removed)]);
}

/// <summary>How a line about a host that is served prints.</summary>
internal static class ServedHost
{
    public static string Added(string line) => $"+ {Kind(line)} {line}";

    public static string Removed(string line) => $"- {Kind(line)} {line}";

    private static string Kind(string line) => DhcpText.IsNameLine(line) ? "dns name" : "dhcp host";
}

public sealed record StopDhcp(string Network) : Step(Phase.StopDhcp, '-', DhcpSubject(Network))
{
    public override string Text => $"dhcp network {Network}";
}

public sealed record DefineGuest(WantedGuest Guest)
    : Step(Phase.DefineGuests, '+', GuestSubject(Guest.Spec.Id))
{
    public override string Text => $"guest {Guest.Spec.Id} defined";
}

public sealed record StartGuest(WantedGuest Guest) : Step(Phase.StartGuests, '+', GuestSubject(Guest.Spec.Id))
{
    public override string Text => $"guest {Guest.Spec.Id} running"
        + (Guest.InjectedFiles.Count > 0 ? $" with {string.Join(", ", Guest.InjectedFiles.Keys.Order())}" : "");
}

/// <summary>A NIC for a guest that runs.</summary>
public sealed record PlugDevice(string Instance, GuestDevice Device)
    : Step(Phase.StartGuests, '+', GuestSubject(Instance))
{
    public override string Text => $"guest {Instance} NIC {Device.Id}";
}

/// <summary>Before its port goes: the guest has to let go of it.</summary>
public sealed record UnplugDevice(string Instance, string Device)
    : Step(Phase.StopGuests, '-', GuestSubject(Instance))
{
    public override string Text => $"guest {Instance} NIC {Device}";
}

public sealed record StopGuest(string Instance) : Step(Phase.StopGuests, '-', GuestSubject(Instance))
{
    public override string Text => $"guest {Instance} running";
}

public sealed record UndefineGuest(string Instance) : Step(Phase.UndefineGuests, '-', GuestSubject(Instance))
{
    public override string Text => $"guest {Instance} defined";
}
