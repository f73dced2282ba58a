namespace NovaOrleans.Faults;

/// <summary>How everything was when the load had ended, the faults were over and everybody had caught up.</summary>
/// <param name="Things">What the ledger has of the load's projects.</param>
/// <param name="Hosts">The compute hosts.</param>
/// <param name="Audit">The audit's findings.</param>
internal sealed record Ending(IReadOnlyList<Remaining> Things, IReadOnlyList<HostEnding> Hosts, IReadOnlyList<string> Audit);

/// <summary>A thing that is there in the end; the load names cards and servers by the key of their create.</summary>
internal sealed record Remaining(Kind Kind, string Id, string Name, string? Address)
{
    public string? Status { get; init; }

    /// <summary>Of a card, the instance that has it.</summary>
    public string? Owner { get; init; }
}

/// <summary>A host in the end.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">What its grain says.</param>
/// <param name="Revision">The newest record of its log.</param>
/// <param name="Reported">The one that its agent has applied and read back.</param>
/// <param name="Ledger">What rows say that it has, in order.</param>
/// <param name="Kernel">What is on it, in order.</param>
internal sealed record HostEnding(
    string Name, string Status, long Revision, long Reported, IReadOnlyList<string> Ledger, IReadOnlyList<string> Kernel);

/// <summary>One promise that was not kept, and the calls that show it.</summary>
internal sealed record Finding(string Rule, string Sentence)
{
    public override string ToString() => $"{Rule}: {Sentence}";
}
