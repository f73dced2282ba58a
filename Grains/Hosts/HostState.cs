using System.Collections.Immutable;
using NovaOrleans.Instances;

namespace NovaOrleans.Hosts;

/// <summary>The host as its grain remembers it: its row and the newest record of each VNIC, which together are its log.</summary>
public sealed record HostState(
    HostName Name, long Epoch, long Revision, long ReportedRevision, bool Fenced, HostHello? Hello, long Version)
{
    public ImmutableDictionary<VnicId, Entry> Entries { get; private init; } = ImmutableDictionary<VnicId, Entry>.Empty;

    /// <summary>
    /// The VNICs whose entries changed or left since they were last in the rows. To look at each of a hundred entries instead, at every
    /// bind and every report, was a fifth of a busy silo's time.
    /// </summary>
    public ImmutableHashSet<VnicId> Unsaved { get; private init; } = [];

    /// <summary>Whether the rows have entries that are gone here.</summary>
    public bool IsLosing => Unsaved.Any(v => !Entries.ContainsKey(v));

    /// <summary>The VNICs with an outcome that their instance has not taken.</summary>
    public ImmutableHashSet<VnicId> Untold { get; private init; } = [];

    /// <summary>The newest record of each fact, those taken back included until the host has reported a later revision.</summary>
    public ImmutableDictionary<string, FactRecord> Facts { get; init; } = ImmutableDictionary<string, FactRecord>.Empty;

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

        public bool IsUntold => Outcome is not null && !Told;
    }

    /// <summary>Of these VNICs and of all facts, the records after a revision, in order.</summary>
    public IReadOnlyList<HostRecord> RecordsOf(IEnumerable<VnicId> vnics, long since) =>
        Records(vnics.Select(v => Entries.GetValueOrDefault(v)).OfType<Entry>(), since);

    /// <summary>
    /// The records after a revision, in order; before the first one, at −1, those of a snapshot, which names nothing that is gone.
    /// </summary>
    public IReadOnlyList<HostRecord> Records(long since) => Records(Entries.Values, since);

    public HostState With(Entry entry) => this with
    {
        Entries = Entries.SetItem(entry.Vnic, entry),
        Unsaved = Unsaved.Add(entry.Vnic),
        Untold = entry.IsUntold ? Untold.Add(entry.Vnic) : Untold.Remove(entry.Vnic),
    };

    public HostState Without(VnicId vnic) => this with
    {
        Entries = Entries.Remove(vnic),
        Unsaved = Unsaved.Add(vnic),
        Untold = Untold.Remove(vnic),
    };

    /// <summary>The state that the rows have, at this version of the host's.</summary>
    public HostState Saved(long version) => this with { Version = version, Unsaved = [] };

    public HostState With(FactRecord fact) => this with { Facts = Facts.SetItem(fact.Key, fact) };

    private HostRecord[] Records(IEnumerable<Entry> entries, long since) =>
    [
        .. entries.Where(e => e.OnHost).Select(e => e.Record)
            .Concat(Facts.Values.Where(f => since >= 0 || f.Fact is not null))
            .Where(r => r.Revision > since).OrderBy(r => r.Revision),
    ];
}
