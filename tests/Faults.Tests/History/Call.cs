namespace NovaOrleans.Faults;

/// <summary>What a client knows when a call has ended.</summary>
internal enum Outcome
{
    /// <summary>Done, with an answer.</summary>
    Done,

    /// <summary>Refused with a code: it was not done.</summary>
    Refused,

    /// <summary>No answer, or one that says that it may or may not be done. Repeating it with its key tells.</summary>
    Unknown,
}

internal enum Verb
{
    Create,
    Show,
    Delete,
}

internal enum Kind
{
    Card,
    Server,
}

/// <summary>A thing as an answer told it. The address is unique in its place, the network.</summary>
internal sealed record Thing(string Id, string? Place, string? Address, string? Status = null);

/// <summary>
/// One HTTP exchange as its client saw it. Calls of one operation have its key: the first of them, and its repeats. Times are
/// seconds of a clock that only goes forward, from the beginning of the run.
/// </summary>
internal sealed record Call
{
    public required long Number { get; init; }

    public required string Client { get; init; }

    /// <summary>The facade that was asked.</summary>
    public required string Facade { get; init; }

    public required Kind Kind { get; init; }

    public required Verb Verb { get; init; }

    public required string Key { get; init; }

    /// <summary>The network of a create, the thing's id of everything else.</summary>
    public required string Argument { get; init; }

    public required double Start { get; init; }

    public required double End { get; init; }

    public required Outcome Outcome { get; init; }

    /// <summary>The HTTP status; null where no answer came.</summary>
    public int? Status { get; init; }

    /// <summary>The refusal's code, or what went wrong.</summary>
    public string? Code { get; init; }

    public Thing? Answer { get; init; }

    public double Seconds => End - Start;

    public bool NotFound => Outcome == Outcome.Refused && Status == 404;

    /// <summary>As findings name it.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"#{Number} {Verb} {Kind} {Argument} (key {Key}, {Client} at {Facade}, {Start:F3}–{End:F3} s: {Outcome} {Status} {Code})");
}
