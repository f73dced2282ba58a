using NovaOrleans.Instances;

namespace NovaOrleans.Hosts;

/// <summary>What becomes of a host's log: pure, from its state and what is asked or reported.</summary>
public static class HostRules
{
    /// <summary>
    /// The state with the bindings appended, each a revision of its own. What the log has already is left as it is, so that a
    /// repeat appends nothing; an older generation than the log's is <c>Stale</c>.
    /// </summary>
    public static Outcome<HostState> Bind(HostState state, InstanceSpec instance, IReadOnlyList<HostBinding> bindings)
    {
        if (state.Fenced)
        {
            return new Refusal(
                RefusalCode.NoHostAvailable, $"Host {state.Name} is fenced; it takes nothing until it returns.", state.Name.Value);
        }

        foreach (HostBinding binding in bindings)
        {
            if (state.Entries.TryGetValue(binding.Vnic, out HostState.Entry? known))
            {
                // What was torn down is over for this generation, also while its instance is still to be told.
                if (known.Generation > binding.Generation || (known.Generation == binding.Generation && !known.OnHost))
                {
                    return new Refusal(
                        RefusalCode.Stale, $"Host {state.Name} has generation {known.Generation} of VNIC {binding.Vnic}.",
                        binding.Vnic.ToString());
                }

                if (known.Generation == binding.Generation)
                {
                    // Who binds again what was told already has not heard it: an activation that is gone did.
                    state = known.Told ? state.With(known with { Told = false }) : state;
                    continue;
                }
            }

            long revision = state.Revision + 1;
            state = (state with { Revision = revision }).With(new HostState.Entry(
                new BindRecord(revision, instance, binding), instance.Id, binding.Vnic, binding.Generation, null, null, false));
        }

        return state;
    }

    /// <summary>
    /// The state with these bindings told anew, at their generation: what rows say of a VNIC changed while it is attached. What is
    /// not bound here at that generation any more is left out. Whether the host has it is told by the revision that it reports.
    /// </summary>
    public static HostState Rebind(HostState state, IEnumerable<HostBinding> changed)
    {
        foreach (HostBinding binding in changed)
        {
            if (state.Entries.TryGetValue(binding.Vnic, out HostState.Entry? known) && known.OnHost
                && known.Record is BindRecord bind && known.Generation == binding.Generation)
            {
                long revision = state.Revision + 1;
                state = (state with { Revision = revision })
                    .With(known with { Record = bind with { Revision = revision, Binding = binding } });
            }
        }

        return state;
    }

    /// <summary>The state with these facts told, a null one taken back; each is a revision of its own.</summary>
    public static HostState Tell(HostState state, IEnumerable<KeyValuePair<string, HostFact?>> changed)
    {
        foreach ((string key, HostFact? fact) in changed)
        {
            long revision = state.Revision + 1;
            state = (state with { Revision = revision }).With(new FactRecord(revision, key, fact));
        }

        return state;
    }

    /// <summary>The state with teardowns appended, and which of the VNICs the host has nothing of.</summary>
    public static (HostState State, IReadOnlyList<VnicGeneration> Gone) Teardown(
        HostState state, InstanceId instance, IReadOnlyList<VnicGeneration> vnics)
    {
        var gone = new List<VnicGeneration>();
        foreach (VnicGeneration vnic in vnics)
        {
            if (!state.Entries.TryGetValue(vnic.Vnic, out HostState.Entry? known) || known.Instance != instance
                || known.Generation > vnic.Generation || !known.OnHost)
            {
                gone.Add(vnic);
            }
            else if (known.IsBind)
            {
                long revision = state.Revision + 1;
                state = (state with { Revision = revision }).With(known with
                {
                    Record = new TeardownRecord(revision, instance, vnic.Vnic, known.Generation),
                    Outcome = null,
                    Fault = null,
                    Told = false,
                });
            }
        }

        return (state, gone);
    }

    /// <summary>The state with the request named in each record that it came to after this revision.</summary>
    public static HostState AskedBy(HostState state, long after, string? request)
    {
        if (request is null || state.Revision == after)
        {
            return state;
        }

        // What has a record that is new is not in the rows yet.
        foreach (HostState.Entry entry in Changed(state).Where(e => e.Record.Revision > after))
        {
            state = state.With(entry with { Record = entry.Record with { Request = request } });
        }

        return state;
    }

    /// <summary>
    /// The state with the outcomes of a report, and how many of its results were ignored: those of another generation, and
    /// those said before the host took the VNIC's newest record.
    /// </summary>
    public static (HostState State, int Ignored) Report(HostState state, HostReport report)
    {
        int ignored = 0;
        state = state with { ReportedRevision = Math.Max(state.ReportedRevision, Math.Min(report.Revision, state.Revision)) };
        foreach (BindingReport result in report.Bindings)
        {
            if (!state.Entries.TryGetValue(result.Vnic, out HostState.Entry? known) || !known.OnHost
                || known.Generation != result.Generation || known.Record.Revision > report.Revision || !Answers(known, result.Outcome))
            {
                ignored++;
            }
            else if (known.Outcome != result.Outcome || known.Fault != result.Fault)
            {
                state = state.With(known with { Outcome = result.Outcome, Fault = result.Fault, Told = false });
            }
        }

        return (WithoutTakenBack(state), ignored);
    }

    /// <summary>Whether the VNIC's newest record is without the address, and the host has confirmed that record.</summary>
    public static bool HasLetGo(HostState state, VnicId vnic, string? address) =>
        state.Entries.TryGetValue(vnic, out HostState.Entry? known)
        && (!known.OnHost || (known is { Record: BindRecord bind, Outcome: BindingOutcome.Applied }
            && bind.Revision <= state.ReportedRevision && !bind.Binding.Info.Names(address)));

    /// <summary>Fenced: a new epoch, and everything on the host counts as torn down.</summary>
    public static HostState Fence(HostState state)
    {
        foreach (HostState.Entry entry in state.Entries.Values.Where(e => e.OnHost).ToList())
        {
            state = state.With(entry with
            {
                Outcome = BindingOutcome.TornDown,
                Fault = $"host {state.Name} was fenced",
                Told = false,
            });
        }

        return state with { Epoch = state.Epoch + 1, Fenced = true, Facts = state.Facts.Clear() };
    }

    /// <summary>
    /// The state after instances have taken these outcomes. A torn-down binding is over then and leaves the log; what changed
    /// while it was told stays, and is told again.
    /// </summary>
    public static HostState Told(HostState state, IReadOnlyList<HostState.Entry> told)
    {
        foreach (HostState.Entry entry in told)
        {
            if (state.Entries.TryGetValue(entry.Vnic, out HostState.Entry? now) && now == entry)
            {
                state = entry.OnHost ? state.With(entry with { Told = true }) : state.Without(entry.Vnic);
            }
        }

        return state;
    }

    private static List<HostState.Entry> Changed(HostState state) =>
        [.. state.Unsaved.Where(state.Entries.ContainsKey).Select(v => state.Entries[v])];

    /// <summary>A fact that was taken back is forgotten once the host has reported a later revision.</summary>
    private static HostState WithoutTakenBack(HostState state)
    {
        List<string> over = [.. state.Facts.Values
            .Where(f => f.Fact is null && f.Revision <= state.ReportedRevision).Select(f => f.Key)];
        return over.Count == 0 ? state : state with { Facts = state.Facts.RemoveRange(over) };
    }

    /// <summary>A bind is answered by applied or failed; a teardown by torn down, or failed while it does not succeed.</summary>
    private static bool Answers(HostState.Entry entry, BindingOutcome outcome) => outcome switch
    {
        BindingOutcome.Applied => entry.IsBind,
        BindingOutcome.TornDown => !entry.IsBind,
        _ => true,
    };
}
