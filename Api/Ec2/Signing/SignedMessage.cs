namespace NovaOrleans.Api.Ec2.Signing;

/// <summary>
/// A request as its signature sees it. <paramref name="Path"/> is as it came, still escaped; <paramref name="Query"/> and
/// <paramref name="Form"/> are read, in the order in which they came.
/// </summary>
internal sealed record SignedMessage(
    string Method,
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Query,
    IReadOnlyList<KeyValuePair<string, string>> Form,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>As the caller gave it, with its port where it named one.</summary>
    public string Host => Header("host") ?? "";

    /// <summary>As RFC 3986 has it: a space is %20, and only letters, digits and <c>-_.~</c> are left as they are.</summary>
    public static string Canonical(IEnumerable<KeyValuePair<string, string>> parameters) => string.Join('&', parameters
        .Select(p => (Name: Uri.EscapeDataString(p.Key), Value: Uri.EscapeDataString(p.Value)))
        .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal)
        .Select(p => $"{p.Name}={p.Value}"));
}
