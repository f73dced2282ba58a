using System.Text.Json;

namespace NovaOrleans.Agent;

/// <summary>
/// What had to be mended: something was read back as desired, nobody desired it otherwise since, and yet it had to be
/// changed. <see cref="Known"/> is what was read back as desired, by subject, as its fingerprint then.
/// </summary>
public sealed record Repairs
{
    /// <summary>How many of the latest are told by name.</summary>
    private const int Latest = 20;

    public static Repairs None { get; } = new();

    public long Count { get; init; }

    public IReadOnlyList<Repair> Recent { get; init; } = [];

    public ImmutableDictionary<string, string> Known { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The steps of a round that were repairs: about a subject whose fingerprint is as it was, or taking away what
    /// nobody ever asked for.
    /// </summary>
    public IReadOnlyList<Step> Among(Applied applied, ImmutableDictionary<string, string> desired) =>
    [
        .. applied.Results.Where(r => r.Done).Select(r => r.Step).Where(s => desired.TryGetValue(s.Subject, out string? now)
            ? Known.GetValueOrDefault(s.Subject) == now
            : s.Sign == '-' && !Known.IsEmpty && !Known.ContainsKey(s.Subject)),
    ];

    /// <summary>After a round: what still differs keeps the fingerprint that it was last known good with.</summary>
    public Repairs With(
        IReadOnlyList<Step> repaired, Verified verified, ImmutableDictionary<string, string> desired, DateTimeOffset at)
    {
        HashSet<string> bad = verified.Differences.Steps.Select(s => s.Subject).ToHashSet(StringComparer.Ordinal);
        IEnumerable<KeyValuePair<string, string>> kept = Known.Where(k => bad.Contains(k.Key) && desired.ContainsKey(k.Key));
        IEnumerable<Repair> news = repaired.Select(s => new Repair(at, s.Subject, s.ToString().Split('\n')[0]));
        return new Repairs
        {
            Count = Count + repaired.Count,
            Recent = [.. Recent.Concat(news).TakeLast(Latest)],
            Known = desired.RemoveRange(bad).SetItems(kept),
        };
    }
}

public sealed record Repair(DateTimeOffset At, string What, string Step);

/// <summary>Keeps <see cref="Repairs"/> over restarts, in a file that <c>--observe</c> reads too.</summary>
public sealed class RepairFile(string? path)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>A file that cannot be read is one that is not there: it is knowledge, not state.</summary>
    public Repairs Read()
    {
        try
        {
            return path is not null && File.Exists(path)
                ? JsonSerializer.Deserialize<Repairs>(File.ReadAllText(path)) ?? Repairs.None
                : Repairs.None;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return Repairs.None;
        }
    }

    public void Write(Repairs repairs)
    {
        if (path is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path + ".new", JsonSerializer.Serialize(repairs, Format));
            File.Move(path + ".new", path, overwrite: true);
        }
    }
}
