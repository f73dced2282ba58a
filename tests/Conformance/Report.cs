using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NovaOrleans.Conformance;

public enum Verdict
{
    Held,
    Broken,

    /// <summary>Nothing can be said of it, since a promise that it rests on is broken.</summary>
    Unreached,
}

/// <summary>What came of one promise; <paramref name="Reason"/> is null where it is held.</summary>
public sealed record Finding(string Name, string Says, IReadOnlyList<string> Rows, Verdict Verdict, string? Reason, double Seconds);

/// <summary>What came of all that was asked.</summary>
public sealed record Report(string Path, string? Version, IReadOnlyList<Finding> Findings)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public bool Conforms => Findings.All(f => f.Verdict == Verdict.Held);

    public IEnumerable<string> Broken => Findings.Where(f => f.Verdict == Verdict.Broken).Select(f => f.Name);

    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Path} {Version ?? "(not loaded)"}, contract {NetworkServiceContract.Version}\n");
        foreach (Finding finding in Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Word(finding),-9}  {finding.Name,-12}  {finding.Says}  ({string.Join(' ', finding.Rows)})\n");
            if (finding.Reason is { } reason)
            {
                text.Append(CultureInfo.InvariantCulture, $"             {reason.ReplaceLineEndings("\n             ")}\n");
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"{Count(Verdict.Held)} held, {Count(Verdict.Broken)} broken")
            .Append(Count(Verdict.Unreached) is > 0 and var open ? $", {open} unreached" : "")
            .Append(CultureInfo.InvariantCulture, $", in {Findings.Sum(f => f.Seconds):0.0} s\n").ToString();
    }

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Path,
            Version,
            Contract = NetworkServiceContract.Version,
            Conforms,
            Promises = Findings.Select(f => new { f.Name, f.Says, f.Rows, Verdict = Word(f), f.Reason, Seconds = Math.Round(f.Seconds, 3) }),
        },
        s_json);

    private int Count(Verdict verdict) => Findings.Count(f => f.Verdict == verdict);

    private static string Word(Finding finding) => finding.Verdict switch
    {
        Verdict.Held => "held",
        Verdict.Broken => "broken",
        _ => "unreached",
    };
}
