namespace NovaOrleans.Http;

/// <content>Free-form objects, whose fields are the caller's words.</content>
public sealed partial class BodyReader
{
    /// <summary>
    /// The fields that are there, with their texts: for free-form objects such as metadata. In XML these are
    /// <c>&lt;meta key="…"&gt;text&lt;/meta&gt;</c>, as in Compute API 1.1, or attributes.
    /// </summary>
    public IReadOnlyDictionary<string, string> Texts()
    {
        var texts = new Dictionary<string, string>();
        foreach ((string name, BodyNode node) in _node.Members.SelectMany(Keyed))
        {
            _asked.Add(name);
            if (!Names.IsLabel(name) || !texts.TryAdd(name, node.Scalar ?? "") || !IsPlain(node))
            {
                Fault(BodyText.Shown(name), "a key and text, each " + Names.LabelAccepts, node);
            }
        }

        return texts;
    }

    private static bool IsPlain(BodyNode node) => node.Kind is not (BodyKind.Object or BodyKind.List or BodyKind.Null)
        && (string.IsNullOrEmpty(node.Scalar) || Names.IsLabel(node.Scalar));

    private IEnumerable<KeyValuePair<string, BodyNode>> Keyed(KeyValuePair<string, BodyNode> member)
    {
        if (!member.Value.IsXml || member.Value.Kind == BodyKind.Text)
        {
            return [member];
        }

        _asked.Add(member.Key);
        return (member.Value.Kind == BodyKind.List ? member.Value.Items : [member.Value])
            .Select(i => i.Members.Count == 1 && i.Members.TryGetValue("key", out BodyNode? key)
                && key.Scalar is { } name
                ? new KeyValuePair<string, BodyNode>(name, new BodyNode(BodyKind.Text, i.Scalar) { IsXml = true })
                : new KeyValuePair<string, BodyNode>(member.Key, i));
    }
}
