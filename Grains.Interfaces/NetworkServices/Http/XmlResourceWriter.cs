using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace NovaOrleans.Http;

/// <summary>
/// Writes a resource as XML. A resource may give its fields and its nested objects in any order, and XML wants an
/// element's attributes before its children: so this writer, off the hot path, keeps the elements until the end.
/// </summary>
public sealed class XmlResourceWriter : ResourceWriter
{
    private static readonly XmlWriterSettings Settings = new() { Encoding = new System.Text.UTF8Encoding(false) };

    private readonly Stack<(XElement Element, string Item)> _open = new();
    private XElement? _root;

    /// <summary>
    /// Writes what was described, in UTF-8; a description without any element is an empty <c>&lt;answer/&gt;</c>.
    /// </summary>
    public void Complete(Stream output)
    {
        using var xml = XmlWriter.Create(output, Settings);
        new XDocument(_root ?? new XElement("answer")).Save(xml);
    }

    public override void BeginRoot(string name) => Begin(Element(name));
    public override void EndRoot() => _open.Pop();
    public override void BeginObject(string name) => Begin(Element(name));
    public override void EndObject() => _open.Pop();
    public override void BeginList(string name, string item) => Begin(Element(name), item);
    public override void EndList() => _open.Pop();
    public override void BeginItem() => Begin(Element(_open.Peek().Item));
    public override void EndItem() => _open.Pop();

    public override void Item(string value) => _open.Peek().Element.Add(
        new XElement(XmlConvert.EncodeLocalName(_open.Peek().Item), Clean(value)));

    public override void BeginKeyedList(string key, string element, string item)
    {
        XElement list = Element(element);
        list.SetAttributeValue("id", Clean(key));
        Begin(list, item);
    }

    public override void KeyedField(string key, string value, string element) => _open.Peek().Element.Add(
        new XElement(element, new XAttribute("key", Clean(key)), Clean(value)));

    public override void Field(string name, string? value)
    {
        if (value is not null)
        {
            _open.Peek().Element.SetAttributeValue(XmlConvert.EncodeLocalName(name), Clean(value));
        }
    }

    public override void Field(string name, long? value) =>
        Field(name, value?.ToString(CultureInfo.InvariantCulture));

    public override void Field(string name, bool? value) =>
        Field(name, value is { } flag ? XmlConvert.ToString(flag) : null);

    private static XElement Element(string name) => new(XmlConvert.EncodeLocalName(name));

    private void Begin(XElement element, string item = "item")
    {
        if (_open.TryPeek(out (XElement Element, string Item) outer))
        {
            outer.Element.Add(element);
        }
        else if (_root is null)
        {
            _root = element;
        }
        else
        {
            _root.Add(element);
        }

        _open.Push((element, item));
    }

    /// <summary>XML 1.0 cannot carry most control characters, not even escaped.</summary>
    private static string Clean(string text) => text.All(IsText)
        ? text
        : string.Concat(text.EnumerateRunes().Select(r => r.IsBmp && !IsText((char)r.Value) ? "\uFFFD" : r.ToString()));

    private static bool IsText(char c) => XmlConvert.IsXmlChar(c);
}
