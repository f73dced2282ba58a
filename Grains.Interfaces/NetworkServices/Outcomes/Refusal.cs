namespace NovaOrleans.Outcomes;

/// <summary>
/// Why a request was refused: an expected ending, so a value and never an exception. <paramref name="Code"/> decides
/// the HTTP status in one place (the facade); <paramref name="Reason"/> is one clear sentence;
/// <paramref name="Subject"/> is the id of what it is about; <paramref name="Field"/> the body's field at fault;
/// <paramref name="Details"/> are further figures by name (of a full pool: size, held, …).
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.Refusal")]
public sealed record Refusal(
    RefusalCode Code,
    string Reason,
    string? Subject = null,
    string? Field = null,
    IReadOnlyDictionary<string, string>? Details = null)
{
    /// <summary>Further faults found in the same request; reported together with this first one.</summary>
    [Id(10)]
    public IReadOnlyList<Refusal> More { get; init; } = [];

    public static Refusal NotFound(RefusalCode code, string kind, object id) =>
        new(code, $"There is no {kind} with id {id}.", id.ToString());

    public override string ToString() => $"{Code}: {Reason}";
}

/// <summary>
/// The stable codes. A name is part of the API and is never reused; the comment gives the HTTP status and, where
/// Quantum 2011.3 had one, its fault number (rows R26).
/// </summary>
[GenerateSerializer, Alias("nova.RefusalCode")]
public enum RefusalCode
{
    /// <summary>400; Quantum 400. A body, field or query that cannot be read.</summary>
    MalformedRequest = 0,

    /// <summary>401; Quantum 401. No token, or one that is not known.</summary>
    Unauthorized,

    /// <summary>403. The project may not do this, or uses another network service than the URL's (seed S153).</summary>
    Forbidden,

    /// <summary>404; Quantum 420.</summary>
    NetworkNotFound,

    /// <summary>409; Quantum 421. Ports of the network are in use.</summary>
    NetworkInUse,

    /// <summary>404; Quantum 430.</summary>
    PortNotFound,

    /// <summary>409; Quantum 431. The state asked for is none, or cannot follow the present one.</summary>
    RequestedStateInvalid,

    /// <summary>409; Quantum 432. A VNIC is plugged into the port.</summary>
    PortInUse,

    /// <summary>409; Quantum 440. The port holds another VNIC, or the VNIC another port or instance.</summary>
    AlreadyAttached,

    /// <summary>404.</summary>
    VnicNotFound,

    /// <summary>409. The ethernet card belongs to an instance.</summary>
    VnicInUse,

    /// <summary>404.</summary>
    InstanceNotFound,

    /// <summary>404.</summary>
    ProjectNotFound,

    /// <summary>404.</summary>
    HostNotFound,

    /// <summary>409. No live host can take the instance.</summary>
    NoHostAvailable,

    /// <summary>409. Details: network, size, held, reserved, quarantined, next_free_at.</summary>
    NoMoreAddresses,

    /// <summary>409. No network is left for the project.</summary>
    NoMoreNetworks,

    /// <summary>409. The address is held, reserved or never handed out.</summary>
    AddressUnavailable,

    /// <summary>409. Another live ethernet card has this MAC.</summary>
    MacInUse,

    /// <summary>409. The range overlaps one in use.</summary>
    CidrConflict,

    /// <summary>409. The VLAN id is in use.</summary>
    VlanConflict,

    /// <summary>409. The Idempotency-Key was used with another body.</summary>
    KeyReused,

    /// <summary>409. Another object has this id, name or link.</summary>
    Conflict,

    /// <summary>409. The network is being deleted.</summary>
    NetworkClosing,

    /// <summary>400. The network service is not installed or not listed.</summary>
    NoSuchNetworkService,

    /// <summary>413. The quota of the project is used up.</summary>
    QuotaExceeded,

    /// <summary>409. The caller's epoch, generation or version is not the newest; it is counted, never obeyed.</summary>
    Stale,

    /// <summary>501. This network service has no such thing (a floating IP of flat, rows R21).</summary>
    NotImplemented,

    /// <summary>503; Quantum 470. Too much in flight, or the ledger cannot be reached; the same key may be repeated.</summary>
    ServiceUnavailable,

    /// <summary>404. No such route.</summary>
    NotFound,

    /// <summary>413. The body is larger than the server reads.</summary>
    TooLarge,

    /// <summary>415. Neither JSON nor XML.</summary>
    UnsupportedMediaType,

    /// <summary>405.</summary>
    MethodNotAllowed,

    /// <summary>404.</summary>
    FlavorNotFound,

    /// <summary>404.</summary>
    ImageNotFound,

    /// <summary>404.</summary>
    SecurityGroupNotFound,

    /// <summary>404.</summary>
    SecurityRuleNotFound,

    /// <summary>409. Instances are in the group, or rules name it as their source.</summary>
    SecurityGroupInUse,

    /// <summary>404.</summary>
    FloatingIpNotFound,

    /// <summary>409. The floating IP stands for a fixed one, or is allocated.</summary>
    FloatingIpInUse,

    /// <summary>409. The pool has no free floating IP.</summary>
    NoMoreFloatingIps,

    /// <summary>404.</summary>
    TokenNotFound,

    /// <summary>429. Details: retry_after, in seconds.</summary>
    TooManyRequests,

    /// <summary>500; Quantum 471. The project's network service failed at what it was asked: a bug in it, which its log has.</summary>
    NetworkServiceFailed,
}
