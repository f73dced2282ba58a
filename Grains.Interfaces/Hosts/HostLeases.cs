namespace NovaOrleans.Hosts;

/// <summary>
/// What changed of a host's DHCP leases since it told last; with <paramref name="IsWhole"/>, as in the first report of a session,
/// these are all there are.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.HostLeases")]
public sealed record HostLeases(long Epoch, bool IsWhole, IReadOnlyList<LeaseReport> Leases);

/// <summary>
/// One address of one VNIC. <paramref name="SecondsLeft"/> is how long its lease is good for, by the host's clock at the time of
/// telling, or null where it has none any more.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.LeaseReport")]
public sealed record LeaseReport(VnicId Vnic, long Generation, Ip4Address Address, long? SecondsLeft);
