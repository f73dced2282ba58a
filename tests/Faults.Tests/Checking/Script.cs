namespace NovaOrleans.Faults;

/// <summary>Histories made by hand for the checker's own tests: calls at given seconds.</summary>
internal sealed class Script
{
    private long _number;

    public List<Call> Calls { get; } = [];

    public List<Remaining> Things { get; } = [];

    public List<HostEnding> Hosts { get; } = [new("host1", "LIVE", 7, 7, ["nv1"], ["nv1"])];

    public List<string> Audit { get; } = [];

    public IReadOnlyList<Finding> Check() => Checker.Check(Calls, new Ending(Things, Hosts, Audit));

    public void Create(double start, double end, string key, string id, string address, string network = "net0") => Add(
        Kind.Card, Verb.Create, key, network, start, end, c => c with { Status = 201, Answer = new Thing(id, network, address) });

    public void Show(double start, double end, string id, string address) => Add(
        Kind.Card, Verb.Show, $"show {_number}", id, start, end, c => c with { Status = 200, Answer = new Thing(id, "net0", address) });

    public void Delete(double start, double end, string key, string id) =>
        Add(Kind.Card, Verb.Delete, key, id, start, end, c => c with { Status = 204 });

    public void NotFound(Verb verb, double start, double end, string key, string id) =>
        Add(Kind.Card, verb, key, id, start, end, c => c with { Outcome = Outcome.Refused, Status = 404, Code = "VnicNotFound" });

    public void Unknown(Verb verb, double start, double end, string key, string argument) =>
        Add(Kind.Card, verb, key, argument, start, end, c => c with { Outcome = Outcome.Unknown, Status = 503 });

    public void Remains(string id, string address, string name = "k") => Things.Add(new Remaining(Kind.Card, id, name, address));

    public void Add(Kind kind, Verb verb, string key, string argument, double start, double end, Func<Call, Call> ending) =>
        Calls.Add(ending(new Call
        {
            Number = ++_number,
            Client = "ann",
            Facade = "facade1",
            Kind = kind,
            Verb = verb,
            Key = key,
            Argument = argument,
            Start = start,
            End = end,
            Outcome = Outcome.Done,
        }));
}
