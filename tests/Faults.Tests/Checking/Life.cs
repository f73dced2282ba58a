namespace NovaOrleans.Faults;

/// <summary>
/// What clients know of one thing's life. Certain is only what lies between an answer and the next question: it was there
/// from the end of the call that told it until the beginning of the first call that may have deleted it.
/// </summary>
internal sealed class Life
{
    private Life(Kind kind, string id, IEnumerable<Call> created, IEnumerable<Call> shown, IEnumerable<Call> deleted)
    {
        (Kind, Id) = (kind, id);
        Created = [.. created.OrderBy(c => c.Start)];
        Shown = [.. shown.OrderBy(c => c.Start)];
        Deleted = [.. deleted.OrderBy(c => c.Start)];
        IEnumerable<Call> told = Created.Concat(Shown.Where(c => c.Outcome == Outcome.Done));
        FirstTold = told.MinBy(c => c.End)!;
        Located = told.Where(c => c.Answer!.Address is not null).MinBy(c => c.End);
        Gone = Deleted.Where(c => c.Outcome == Outcome.Done || c.NotFound).MinBy(c => c.End);
    }

    public Kind Kind { get; }

    public string Id { get; }

    /// <summary>Creates that were answered with it.</summary>
    public IReadOnlyList<Call> Created { get; }

    public IReadOnlyList<Call> Shown { get; }

    /// <summary>Every try to delete it, whatever came of it.</summary>
    public IReadOnlyList<Call> Deleted { get; }

    public Call FirstTold { get; }

    /// <summary>The first answer that named its address; null where none did.</summary>
    public Call? Located { get; }

    /// <summary>The first answer from which it was certainly deleted.</summary>
    public Call? Gone { get; }

    public double CertainUntil => Deleted.Count == 0 ? double.PositiveInfinity : Deleted[0].Start;

    /// <summary>Of everything that a create told.</summary>
    public static IReadOnlyList<Life> Of(IReadOnlyList<Call> calls)
    {
        ILookup<(Kind, string), Call> created = calls
            .Where(c => c is { Verb: Verb.Create, Outcome: Outcome.Done }).ToLookup(c => (c.Kind, c.Answer!.Id));
        ILookup<(Kind, string), Call> others = calls.Where(c => c.Verb != Verb.Create).ToLookup(c => (c.Kind, c.Argument));
        return
        [
            .. created.Select(told => new Life(
                told.Key.Item1, told.Key.Item2, told,
                others[told.Key].Where(c => c.Verb == Verb.Show), others[told.Key].Where(c => c.Verb == Verb.Delete))),
        ];
    }
}
