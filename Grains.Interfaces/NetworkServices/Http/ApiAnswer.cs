namespace NovaOrleans.Http;

/// <summary>
/// How a request ends: a status with a resource, a status alone, or a refusal. A resource writes itself once, and comes
/// out as JSON or XML.
/// </summary>
public readonly struct ApiAnswer
{
    public int Status { get; }
    public Action<ResourceWriter>? Write { get; }
    public Refusal? Refusal { get; }

    private ApiAnswer(int status, Action<ResourceWriter>? write, Refusal? refusal) =>
        (Status, Write, Refusal) = (status, write, refusal);

    public static ApiAnswer Ok(Action<ResourceWriter> write) => new(200, write, null);
    public static ApiAnswer Created(Action<ResourceWriter> write) => new(201, write, null);
    public static ApiAnswer Accepted(Action<ResourceWriter>? write = null) => new(202, write, null);

    /// <summary>503 with a resource that says why, where a refusal would say no more.</summary>
    public static ApiAnswer Unavailable(Action<ResourceWriter> write) => new(503, write, null);

    public static ApiAnswer NoContent => new(204, null, null);
    public static ApiAnswer Refused(Refusal refusal) => new(0, null, refusal);

    public static implicit operator ApiAnswer(Refusal refusal) => Refused(refusal);
}
