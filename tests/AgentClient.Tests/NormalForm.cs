using System.Text.Json;
using NovaOrleans.Agent;

namespace NovaOrleans.AgentTests;

/// <summary>
/// A host as the agent sees it, whole: every member that an observation has, and none that tells one making of a thing
/// from another (indexes, handles, counters), since the agent reads none of those.
/// </summary>
internal static class NormalForm
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    public static string Of(ActualHost host) => JsonSerializer.Serialize(host, Format);

    /// <summary>The first lines that differ, with where they are.</summary>
    public static string Difference(string expected, string actual)
    {
        string[] left = expected.Split('\n');
        string[] right = actual.Split('\n');
        int at = left.Zip(right).TakeWhile(p => p.First == p.Second).Count();
        string Shown(string[] lines) => string.Join('\n', lines.Skip(at).Take(12));
        return $"line {at}, straight:\n{Shown(left)}\nby detour:\n{Shown(right)}";
    }
}
