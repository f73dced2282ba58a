namespace NovaOrleans.Http;

/// <summary>What a body's field is, before anyone says what it should be.</summary>
public enum BodyKind
{
    Object = 0,
    List,
    Text,
    Number,
    Boolean,
    Null,
}

/// <summary>
/// A parsed body: JSON and XML come to the same tree. In XML, attributes and child elements of an element are its
/// members, repeated children are a list, and every scalar is text.
/// </summary>
public sealed record BodyNode(BodyKind Kind, string? Scalar = null)
{
    public static BodyNode EmptyObject { get; } = new(BodyKind.Object);

    public IReadOnlyDictionary<string, BodyNode> Members { get; init; } = new Dictionary<string, BodyNode>();
    public IReadOnlyList<BodyNode> Items { get; init; } = [];
}
