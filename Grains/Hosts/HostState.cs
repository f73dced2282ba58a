using System.Collections.Immutable;
using NovaOrleans.Instances;

namespace NovaOrleans.Hosts;

/// <summary>The host as its grain remembers it: its row and the newest record of each VNIC, which together are its log.</summary>
public sealed record HostState(
    HostName Name, long Epoch, long Revision, long ReportedRevision, bool Fenced, HostHello? Hello, long Version)
{
    public ImmutableDictionary<VnicId, Entry> Entries { get; init; } = ImmutableDictionary<VnicId, Entry>.Empty;

    /// <summary>
    /// The newest record of one VNIC. <paramref name="Outcome"/> is null until the host reported it, or it was fenced;
    /// <paramref name="Told"/> says that the instance has taken the outcome.
    /// </summary>
    public sealed record Entry(
        HostRecord Record, InstanceId Instance, VnicId Vnic, long Generation, BindingOutcome? Outcome, string? Fault, bool Told)
    {
        public bool IsBind => Record is BindRecord;

        /// <summary>Whether the host is still to have or to take away something; a torn-down one only waits to be told.</summary>
        public bool OnHost => Outcome != BindingOutcome.TornDown;
    }

    /// <summary>What a snapshot holds, in the order of revisions.</summary>
    public IReadOnlyList<HostRecord> Records(long since) =>
        [.. Entries.Values.Where(e => e.OnHost && e.Record.Revision > since).Select(e => e.Record).OrderBy(r => r.Revision)];

    public HostState With(Entry entry) => this with { Entries = Entries.SetItem(entry.Vnic, entry) };
}
