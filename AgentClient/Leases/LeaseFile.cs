namespace NovaOrleans.Agent.Leases;

/// <summary>
/// dnsmasq's lease file, a line a lease: expiry in seconds of the Unix epoch, MAC, address, name, client id. dnsmasq writes
/// it in place, so that a reader may meet half of a line: what is no lease is left out, and seen whole the next time. None is without end:
/// the servers are never told to give such a one. Pure.
/// </summary>
public static class LeaseFile
{
    public static IEnumerable<DhcpLease> Parse(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(LeaseOf).OfType<DhcpLease>();

    public static DhcpLease? LeaseOf(string line) =>
        line.Split(' ') is [var expiry, var mac, var address, _, var client]
        && long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out long until)
        && until is > 0 and <= MostSeconds
        && MacAddress.TryParse(mac, out MacAddress card)
        && Ip4Address.TryParse(address, out Ip4Address leased)
        && client.Length > 0
            ? new DhcpLease(card, leased, DateTimeOffset.FromUnixTimeSeconds(until))
            : null;

    /// <summary>The year 9999.</summary>
    private const long MostSeconds = 253402300799;
}
