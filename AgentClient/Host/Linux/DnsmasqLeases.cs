using NovaOrleans.Agent.Leases;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// The lease files of all networks of the host. Looked at rather than told of by dnsmasq's <c>--dhcp-script</c>: a file says
/// what is, also after the agent was away, and no process is started for it.
/// </summary>
/// <param name="stateFolder">As the host's.</param>
/// <param name="clock">Compared with the times of files.</param>
public sealed class DnsmasqLeases(string stateFolder, TimeProvider clock) : ILeaseSource
{
    /// <summary>A second write within the clock's tick has the same time: what is so young is read once more.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    private readonly DnsmasqFiles _files = new(Path.Combine(stateFolder, "dhcp"));
    private Dictionary<string, Seen> _seen = [];
    private IReadOnlyList<DhcpLease> _all = [];

    public IReadOnlyList<DhcpLease> Read()
    {
        Dictionary<string, Seen> now = _files.Networks.ToDictionary(n => n, n => Look(n, _seen.GetValueOrDefault(n)));
        bool same = now.Count == _seen.Count
            && now.All(n => _seen.TryGetValue(n.Key, out Seen? before) && n.Value.Leases.SequenceEqual(before.Leases));
        _seen = now;
        return same ? _all : _all = [.. now.Values.SelectMany(s => s.Leases)];
    }

    private Seen Look(string network, Seen? before)
    {
        DateTime written = WrittenAt(network);
        if (before?.Written == written && clock.GetUtcNow().UtcDateTime - written > Young)
        {
            return before;
        }

        DhcpLease[] leases = [.. _files.Leases(network)];
        // Written to while it was read: what was known stands until the next look.
        return WrittenAt(network) == written ? new Seen(written, leases) : before ?? new Seen(default, []);
    }

    private DateTime WrittenAt(string network) => File.GetLastWriteTimeUtc(_files.Place(network, "leases"));

    private sealed record Seen(DateTime Written, DhcpLease[] Leases);
}
