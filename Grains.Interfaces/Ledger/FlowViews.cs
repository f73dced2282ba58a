using NovaOrleans.Instances;

namespace NovaOrleans.Ledger;

/// <summary>
/// One attached NIC that is not on its way out: what its host is told, and what the host said of it.
/// <paramref name="Revision"/> is that of the newest record; the host has taken it when
/// <paramref name="ReportedRevision"/> is not smaller. <see cref="At"/> is when the record or the host's word on it changed last.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.NicStanding")]
public sealed record NicStanding(
    HostBinding Binding, HostName Host, long Revision, long ReportedRevision, BindingOutcome? Outcome, string? Fault)
{
    [Id(10)]
    public DateTimeOffset At { get; init; }

    /// <summary>The host counts as dead, and what it last said may be old.</summary>
    [Id(11)]
    public bool HostIsFenced { get; init; }

    public NicState State => this switch
    {
        { Outcome: BindingOutcome.Failed } => NicState.Failed,
        { Outcome: BindingOutcome.Applied } when ReportedRevision >= Revision => NicState.Applied,
        _ => NicState.Pending,
    };
}

[GenerateSerializer, Alias("nova.NicState")]
public enum NicState
{
    /// <summary>Told, and not yet said to be so by the host.</summary>
    Pending = 0,

    /// <summary>The host has read back that it is so.</summary>
    Applied = 1,

    /// <summary>The host says that it is not so, and why: drift.</summary>
    Failed = 2,
}

/// <summary>
/// Would this pass? From the VNIC to <paramref name="Peer"/>, or from it to the VNIC where <paramref name="FromPeer"/>. Of ICMP,
/// <paramref name="Port"/> is the type. A null peer asks how the NIC stands, and what its groups let in.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.ExplainFlow")]
public sealed record ExplainFlow(VnicId Vnic, string? Peer, bool FromPeer, RuleProtocol Protocol, int? Port);

/// <summary>The answer, one sentence a step in the order in which a packet meets them; the last one decides.</summary>
[GenerateSerializer, Immutable, Alias("nova.FlowView")]
public sealed record FlowView(FlowVerdict Verdict, string Because, IReadOnlyList<string> Steps);

[GenerateSerializer, Alias("nova.FlowVerdict")]
public enum FlowVerdict
{
    Allowed = 0,
    Dropped = 1,

    /// <summary>Policy says one thing, and a host has not (yet) made it so.</summary>
    Drift = 2,
}
