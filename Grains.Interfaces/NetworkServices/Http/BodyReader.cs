using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NovaOrleans.Http;

/// <summary>
/// Reads a body's fields as value types and gathers what is wrong with them, so that all faults of a request are told
/// together. Read every field that is accepted, then ask <see cref="Faulty"/>: a field that nobody asked for is a fault
/// too.
/// </summary>
public sealed partial class BodyReader
{
    private readonly BodyNode _node;
    private readonly string _path;
    private readonly List<Refusal> _faults;
    private readonly HashSet<string> _asked = [];
    private readonly BodyReader _top;
    private List<BodyReader>? _inner;

    public BodyReader(BodyNode root) => (_node, _path, _faults, _top) = (root, "", [], this);

    private BodyReader(BodyNode node, string path, BodyReader top) =>
        (_node, _path, _faults, _top) = (node, path, top._faults, top);

    public delegate bool Parser<T>(string? text, out T value);

    /// <summary>Whether the body has the field at all, null included.</summary>
    public bool Has(string name) => _node.Members.ContainsKey(name);

    public IEnumerable<string> FieldNames => _node.Members.Keys;

    /// <summary>
    /// The object in the field, to be read with a reader of its own; an empty one where it is absent.
    /// </summary>
    public BodyReader Object(string name)
    {
        BodyNode inner = BodyNode.EmptyObject;
        if (Find(name) is { } node)
        {
            if (node.AsObject() is { } found)
            {
                inner = found;
            }
            else
            {
                Fault(name, "an object", node);
            }
        }

        return Inner(inner, Full(name));
    }

    /// <summary>
    /// The body's one root, as in <c>{"network":{…}}</c>; a body without that wrapper is taken as it is.
    /// </summary>
    public BodyReader Root(string name) => Has(name) ? Object(name) : this;

    /// <summary>The objects of a list; null where the field is absent.</summary>
    public IReadOnlyList<BodyReader>? Objects(string name) =>
        List(name)?.Select((item, i) =>
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{Full(name)}[{i}]");
            BodyNode? found = item.AsObject();
            if (found is null)
            {
                _faults.Add(Wrong(path, "an object", item));
            }

            return Inner(found ?? BodyNode.EmptyObject, path);
        }).ToList();

    /// <summary>
    /// The nodes of a list; null where the field is absent. A single XML child counts as a list of one.
    /// </summary>
    public IReadOnlyList<BodyNode>? List(string name)
    {
        if (Find(name) is not { } node)
        {
            return null;
        }

        if (node.AsList() is { } items)
        {
            return items;
        }

        Fault(name, "a list", node);
        return [];
    }

    /// <summary>The texts of a list parsed one by one; null where the field is absent.</summary>
    public IReadOnlyList<T>? Values<T>(string name, Parser<T> parser, string accepts)
    {
        if (List(name) is not { } nodes)
        {
            return null;
        }

        var values = new List<T>(nodes.Count);
        for (int i = 0; i < nodes.Count; i++)
        {
            if (nodes[i].Kind is BodyKind.Text or BodyKind.Number && parser(nodes[i].Scalar, out T value))
            {
                values.Add(value);
            }
            else
            {
                string item = string.Create(CultureInfo.InvariantCulture, $"{Full(name)}[{i}]");
                _faults.Add(Wrong(item, accepts, nodes[i]));
            }
        }

        return values;
    }

    /// <summary>A value type's text; null where the field is absent or null.</summary>
    public T? Value<T>(string name, Parser<T> parser, string accepts)
        where T : struct
    {
        if (Find(name) is not { } node)
        {
            return null;
        }

        if (node.Kind is BodyKind.Text or BodyKind.Number && parser(node.Scalar, out T value))
        {
            return value;
        }

        Fault(name, accepts, node);
        return null;
    }

    public MacAddress? Mac(string name) => Value<MacAddress>(name, MacAddress.TryParse, MacAddress.Accepts);
    public Ip4Address? Ip4(string name) => Value<Ip4Address>(name, Ip4Address.TryParse, Ip4Address.Accepts);
    public Ip6Address? Ip6(string name) => Value<Ip6Address>(name, Ip6Address.TryParse, Ip6Address.Accepts);
    public Cidr6? Cidr6(string name) => Value<Cidr6>(name, Vocabulary.Cidr6.TryParse, Vocabulary.Cidr6.Accepts);
    public Guid? Uuid(string name) => Value<Guid>(name, ParseUuid, "a UUID");
    public ProjectId? Project(string name) => Value<ProjectId>(name, ProjectId.TryParse, ProjectId.Accepts);
    public HostName? Host(string name) => Value<HostName>(name, HostName.TryParse, HostName.Accepts);

    public Cidr4? Cidr4(string name)
    {
        string accepts = Find(name)?.Scalar is { } text && Vocabulary.Cidr4.WithoutHostBits(text) is { } mended
            && mended != text
            ? $"{Vocabulary.Cidr4.Accepts}; without its host bits it is {mended}"
            : Vocabulary.Cidr4.Accepts;
        return Value<Cidr4>(name, Vocabulary.Cidr4.TryParse, accepts);
    }

    public int? Integer(string name, int lowest, int highest) => Value(
        name,
        (string? text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= lowest && value <= highest,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {lowest} to {highest}"));

    public VlanTag? Vlan(string name) =>
        Integer(name, VlanTag.Lowest, VlanTag.Highest) is { } value ? VlanTag.Create(value) : null;

    public bool? Flag(string name)
    {
        if (Find(name) is not { } node)
        {
            return null;
        }

        if (node.Kind is BodyKind.Boolean or BodyKind.Text && bool.TryParse(node.Scalar, out bool value))
        {
            return value;
        }

        Fault(name, "true or false", node);
        return null;
    }

    /// <summary>A label for people (see <see cref="Names.LabelAccepts"/>).</summary>
    public string? Label(string name) => Text(name, Names.IsLabel, Names.LabelAccepts);

    /// <summary>A kernel link's name.</summary>
    public string? Link(string name) => Text(name, Names.IsLink, Names.LinkAccepts);

    /// <summary>One of a few words.</summary>
    public string? OneOf(string name, params string[] words) =>
        Text(name, words.Contains, string.Join(" or ", words));

    public string? Text(string name, Func<string?, bool> accepted, string accepts)
    {
        if (Find(name) is not { } node)
        {
            return null;
        }

        if (node.Kind is BodyKind.Text or BodyKind.Number && accepted(node.Scalar))
        {
            return node.Scalar;
        }

        Fault(name, accepts, node);
        return null;
    }

    /// <summary>Says that a field must be there.</summary>
    public void Require(string name, string accepts)
    {
        _asked.Add(name);
        if (!Has(name))
        {
            _faults.Add(new Refusal(
                RefusalCode.MalformedRequest, $"Field '{Full(name)}' is missing: give {accepts}.", Field: Full(name)));
        }
    }

    /// <summary>Adds a fault of a field that has the right form but not the right value.</summary>
    public void Reject(string name, string reason) =>
        _faults.Add(new Refusal(RefusalCode.MalformedRequest, reason, Field: Full(name)));

    /// <summary>Takes a field that is accepted and left unread.</summary>
    public void Ignore(params string[] names) => _asked.UnionWith(names);

    /// <summary>All that is wrong with the whole body, whichever of its readers is asked, or null.</summary>
    public bool Faulty([NotNullWhen(true)] out Refusal? refusal)
    {
        List<Refusal> faults = [.. _faults];
        _top.AddUnknown(faults);
        refusal = faults.Count == 0 ? null : faults[0] with { More = faults[1..] };
        return refusal is not null;
    }

    private void AddUnknown(List<Refusal> faults)
    {
        foreach (string name in FieldNames.Where(n => !_asked.Contains(n)))
        {
            string known = _asked.Count == 0 ? "none" : string.Join(", ", _asked.Order(StringComparer.Ordinal));
            string field = BodyText.Shown(Full(name));
            faults.Add(new Refusal(
                RefusalCode.MalformedRequest, $"Field '{field}' is not known here; known are: {known}.", Field: field));
        }

        _inner?.ForEach(i => i.AddUnknown(faults));
    }

    private BodyReader Inner(BodyNode node, string path)
    {
        var reader = new BodyReader(node, path, _top);
        (_inner ??= []).Add(reader);
        return reader;
    }

    private BodyNode? Find(string name)
    {
        _asked.Add(name);
        return _node.Members.TryGetValue(name, out BodyNode? node) && node.Kind != BodyKind.Null ? node : null;
    }

    private string Full(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private void Fault(string name, string accepts, BodyNode given) => _faults.Add(Wrong(Full(name), accepts, given));

    private static Refusal Wrong(string field, string accepts, BodyNode given)
    {
        string was = given.Kind is BodyKind.Object or BodyKind.List
            ? given.Kind == BodyKind.Object ? "an object" : "a list"
            : $"'{BodyText.Shown(given.Scalar ?? "")}'";
        return new Refusal(
            RefusalCode.MalformedRequest, $"Field '{field}' was {was}; accepted is {accepts}.", Field: field);
    }

    private static bool ParseUuid(string? text, out Guid id) => Guid.TryParseExact(text, "D", out id);
}
