using System.Text.Json;

namespace NovaOrleans.Networks;

/// <summary>What a network service keeps with a network of its own, as the text of a column.</summary>
internal static class NetworkExtra
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    public static IReadOnlyDictionary<string, string> Read(string? text) =>
        string.IsNullOrEmpty(text) ? s_none : JsonSerializer.Deserialize<Dictionary<string, string>>(text)!;

    /// <summary>In the order of the names, so that the same entries are the same text; null for none.</summary>
    public static string? Write(IReadOnlyDictionary<string, string> extra) => extra.Count == 0
        ? null
        : JsonSerializer.Serialize(new SortedDictionary<string, string>(extra.ToDictionary(), StringComparer.Ordinal));
}
