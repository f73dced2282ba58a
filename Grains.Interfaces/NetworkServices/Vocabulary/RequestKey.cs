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

    private const string ChosenPrefix = "nova-";

    /// <summary>One that nobody has used: for a caller who gave none. It carries a UUID.</summary>
    public static string Chosen() => $"{ChosenPrefix}{Uuid.New():N}";

    /// <summary>
    /// The id that the request's object with this number (0 and up) is to have, where the key was <see cref="Chosen"/>: such an object is
    /// found again by its id, and its row needs no key. Null for a caller's own key.
    /// </summary>
    public Guid? IdOf(int number) =>
        Key.StartsWith(ChosenPrefix, StringComparison.Ordinal)
        && Guid.TryParseExact(Key.AsSpan(ChosenPrefix.Length), "N", out Guid id)
            ? Uuid.Beside(id, number)
            : null;

    public static bool IsKey(string? text) => text is { Length: >= 1 and <= 128 } && text.All(c => c is > ' ' and <= '~');
}
