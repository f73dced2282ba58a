namespace NovaOrleans.Agent;

/// <summary>
/// The order in which a plan runs: what is used is made first, what uses is taken away first, and a port's guard is
/// there before the port. Steps of one phase go to the kernel together.
/// </summary>
public enum Phase
{
    StopGuests,
    StopDhcp,
    RemovePorts,
    RemoveSwitch,
    RemoveLinks,
    CloseFirewall,
    DefineGuests,
    OpenFirewall,
    Links,
    Forwarding,
    Switch,
    Outside,
    Ports,
    Dhcp,
    StartGuests,
    UndefineGuests,
}

/// <summary>
/// One change, which prints as a line: <c>+</c> makes, <c>~</c> changes, <c>-</c> takes away, <c>!</c> cannot be done.
/// <paramref name="Subject"/> is what it is about; a step is left out when an earlier one about its subject, or about
/// one that it <see cref="Needs"/>, did not succeed.
/// </summary>
public abstract record Step(Phase Phase, char Sign, string Subject)
{
    public const string FirewallSubject = "nft";

    public const string GroupsSubject = "groups";

    /// <summary>That bridged packets are handed to the firewall (br_netfilter).</summary>
    public static string FilterSubject(string bridge) => "filter:" + bridge;

    public IReadOnlyList<string> Needs { get; init; } = [];

    public static string DhcpSubject(string network) => "dhcp:" + network;

    public static string GuestSubject(InstanceId instance) => GuestSubject(instance.ToString());

    public static string GuestSubject(string instance) => "guest:" + instance;

    /// <summary>What is changed, in the words of the tool that does it; further lines are indented.</summary>
    public abstract string Text { get; }

    public sealed override string ToString() => $"{Sign} {Text}";
}

/// <summary>Something stands in the way that is not ours to change: always a fault, and never run.</summary>
public sealed record Refused(Phase Phase, string Subject, string Reason) : Step(Phase, '!', Subject)
{
    public override string Text => $"{Subject}: {Reason}";
}
