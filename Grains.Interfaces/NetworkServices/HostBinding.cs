namespace NovaOrleans.NetworkServices;

/// <summary>
/// One VNIC of one instance, as its compute host is told of it: all that translation needs, so that a host needs to ask
/// nothing. <paramref name="NicIndex"/> is the NIC's place in the instance, from 0. <paramref name="Generation"/> rises
/// with each attachment of the VNIC; reports of an older one are ignored and counted.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.HostBinding")]
public sealed record HostBinding(
    VnicId Vnic,
    InstanceId Instance,
    int NicIndex,
    long Generation,
    ServicePath Service,
    ProjectId Project,
    string HostName,
    NetworkFacts? Network,
    NetworkInfo Info);

/// <summary>
/// What a host is told of a network. Kernel words only; what a service adds for its own net-agent is in
/// <paramref name="Extra"/>. <paramref name="Bridge"/> null means that the service derives the name.
/// <paramref name="Firewall"/> is <c>nft</c> or <c>none</c>, <paramref name="Dhcp"/> <c>dnsmasq</c> or <c>none</c>;
/// <paramref name="Mtu"/> is in bytes, 68 to 65535.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.NetworkFacts")]
public sealed record NetworkFacts(
    NetworkId Network,
    string Label,
    string? Bridge,
    string? BridgeInterface,
    VlanTag? Vlan,
    int Mtu,
    string Firewall,
    string Dhcp,
    bool Injected,
    IReadOnlyDictionary<string, string> Extra);
