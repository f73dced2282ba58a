
namespace NovaOrleans.Instances;

/// <summary>How an instance's life goes on, from its state and from what its host says.</summary>
public static class InstanceRules
{
    public enum Step
    {
        /// <summary>Settled: active, in error, or waiting for its host.</summary>
        Nothing = 0,

        /// <summary>Give its VNICs ports, attach them, bind them to the host.</summary>
        Bind,

        /// <summary>Ask the host for the teardown.</summary>
        TearDown,

        /// <summary>Nothing is attached any more: delete the VNICs made for it, and the row.</summary>
        Finish,
    }

    /// <summary>What is to be done next; each step is idempotent, so doing it again after a crash is right.</summary>
    public static Step Next(InstanceState state) => state.Row.Status switch
    {
        InstanceStatus.Building when !state.Bound && state.Nics.Any(n => n.Outcome is null) => Step.Bind,
        InstanceStatus.Deleting when state.Nics.Any(n => n.Generation > 0) => Step.TearDown,
        InstanceStatus.Deleting => Step.Finish,
        _ => Step.Nothing,
    };

    /// <summary>Why a second create of this id is none of the same; null where it is the first one again.</summary>
    public static Refusal? Repeat(InstanceState state, CreateInstance command) =>
        state.Row.Project != command.Project
            ? new Refusal(
                RefusalCode.Conflict, $"Another instance has id {state.Row.Id}.", state.Row.Id.ToString(), "id")
            : command.Key is { } key && key.BodyHash != state.Row.RequestHash
                ? RowRefusals.KeyReused(key, state.Row.Id.Value)
                : null;

    /// <summary>
    /// The state after a step of the create was refused. While its caller waits for the answer, or nothing was attached yet, the
    /// create is undone; afterwards it may have been acknowledged, so it stays, in error.
    /// </summary>
    public static InstanceState CreateRefused(InstanceState state, Refusal why, bool callerWaits) =>
        callerWaits || state.Nics.All(n => n.Generation == 0)
            ? state with { Row = state.Row with { Status = InstanceStatus.Deleting, Fault = why.Reason } }
            : state.Failed(why.Reason);

    /// <summary>A deletion that nobody asked for: of a create that was refused. Its row goes too, for it never was.</summary>
    public static bool IsUndone(InstanceState state) => state.Row is { Status: InstanceStatus.Deleting, Fault: not null };

    public static Outcome<InstanceState> Delete(InstanceState? state, InstanceId id, ProjectId? project) =>
        state is null || (project is { } owner && state.Row.Project != owner)
            ? Refusal.NotFound(RefusalCode.InstanceNotFound, "instance", id)
            : state with { Row = state.Row with { Status = InstanceStatus.Deleting, Fault = null } };

    /// <summary>The instance whose groups may change: one that is not on its way out.</summary>
    public static Outcome<InstanceState> Regroup(InstanceState? state, InstanceId id, ProjectId? project) =>
        state is null || (project is { } owner && state.Row.Project != owner)
            ? Refusal.NotFound(RefusalCode.InstanceNotFound, "instance", id)
            : state.Row.Status == InstanceStatus.Deleting
                ? new Refusal(RefusalCode.RequestedStateInvalid, $"Instance {id} is being deleted.", id.ToString())
                : state;

    /// <summary>
    /// The state after a host's report of one VNIC; null where the report changes nothing. A teardown that nobody asked for
    /// (its host was fenced) leaves the instance in error, and its VNICs free; one made for it alone stays with it until it goes.
    /// </summary>
    public static Outcome<InstanceState?> Reported(
        InstanceState state, VnicId vnic, long generation, BindingOutcome outcome, string? fault)
    {
        InstanceState.Nic? nic = state.Nics.FirstOrDefault(n => n.Vnic == vnic);
        if (nic is null)
        {
            return (InstanceState?)null;
        }

        if (generation < nic.Generation)
        {
            return new Refusal(
                RefusalCode.Stale,
                $"VNIC {vnic} is at generation {nic.Generation}; the report is of generation {generation}.", vnic.ToString());
        }

        if (outcome == BindingOutcome.TornDown)
        {
            InstanceState without = nic.Owned
                ? state.With(nic with { Generation = 0, Outcome = outcome })
                : state.Without(vnic);
            return state.Row.Status == InstanceStatus.Deleting ? without : without.Failed(fault ?? "its network was torn down");
        }

        if (nic.Outcome == outcome && state.Row.Fault == fault)
        {
            return (InstanceState?)null;
        }

        InstanceState changed = state.With(nic with { Outcome = outcome, Generation = generation });
        return state.Row.Status switch
        {
            InstanceStatus.Deleting => changed,
            _ when outcome == BindingOutcome.Failed => changed.Failed(fault ?? "its host gave no reason"),
            _ when changed.Nics.All(n => n.Outcome == BindingOutcome.Applied) =>
                changed with { Row = changed.Row with { Status = InstanceStatus.Active, Fault = null } },
            _ => changed,
        };
    }

    private static InstanceState Failed(this InstanceState state, string fault) =>
        state with { Row = state.Row with { Status = InstanceStatus.Error, Fault = fault } };
}
