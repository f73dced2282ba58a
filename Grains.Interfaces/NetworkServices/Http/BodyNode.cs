using System.Collections.ObjectModel;

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
/// members, repeated children are a list, and every scalar is text; an element that has both attributes and text is an
/// object whose <paramref name="Scalar"/> is the text.
/// </summary>
public sealed record BodyNode(BodyKind Kind, string? Scalar = null)
{
    public static BodyNode EmptyObject { get; } = new(BodyKind.Object);

    public IReadOnlyDictionary<string, BodyNode> Members { get; init; } = ReadOnlyDictionary<string, BodyNode>.Empty;
    public IReadOnlyList<BodyNode> Items { get; init; } = [];

    /// <summary>
    /// Whether it came in XML, which cannot tell a list of one from an object, nor an empty list from empty text.
    /// </summary>
    public bool IsXml { get; init; }

    /// <summary>
    /// The node read as a list, or null where it is none. From XML, <c>&lt;vnics&gt;&lt;vnic&gt;…&lt;/vnics&gt;</c> is
    /// the list of its children, and a value that could have been repeated is a list of one.
    /// </summary>
    public IReadOnlyList<BodyNode>? AsList()
    {
        if (Kind == BodyKind.List || !IsXml)
        {
            return Kind == BodyKind.List ? Items : null;
        }

        if (Kind == BodyKind.Object)
        {
            // One kind of child is a wrapper around its items; several kinds are one item that is an object.
            return Members.Count != 1 ? [this] : Members.Values.First() is { Kind: BodyKind.List } items ? items.Items
                : [.. Members.Values];
        }

        return string.IsNullOrWhiteSpace(Scalar) ? [] : [this];
    }

    /// <summary>
    /// The node read as an object, or null where it is none. An empty XML element is an empty object.
    /// </summary>
    public BodyNode? AsObject() => Kind == BodyKind.Object ? this
        : IsXml && Kind == BodyKind.Text && string.IsNullOrWhiteSpace(Scalar) ? EmptyObject : null;
}
