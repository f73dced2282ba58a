namespace NovaOrleans.Vocabulary;

/// <summary>
/// What makes a create repeatable: the caller's <c>Idempotency-Key</c> (1 to 128 printable ASCII characters) and the
/// SHA-256 of the request's body. The same key with the same hash gives the first answer; another hash is a conflict.
/// A key is unique within its project and kind of object.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.RequestKey")]
public sealed record RequestKey(string Key, string BodyHash)
{
    public const string Accepts = "1 to 128 printable ASCII characters";

    /// <summary>One that nobody has used: for a caller who gave none.</summary>
    public static string Chosen() => $"nova-{Guid.CreateVersion7():N}";

    public static bool IsKey(string? text) => text is { Length: >= 1 and <= 128 } && text.All(c => c is > ' ' and <= '~');
}
