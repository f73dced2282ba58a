using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace NovaOrleans.Api.Ec2;

/// <summary>What an action answers: the elements inside its response, or a fault.</summary>
internal readonly struct Ec2Answer
{
    public Ec2Fault? Fault { get; private init; }
    public IReadOnlyList<XElement> Elements { get; private init; }

    public static Ec2Answer Of(params XElement[] elements) => new() { Elements = elements };

    /// <summary>As the actions answer that have nothing to tell.</summary>
    public static Ec2Answer Done { get; } = Of(new XElement("return", "true"));

    public static implicit operator Ec2Answer(Ec2Fault fault) => new() { Fault = fault, Elements = [] };
    public static implicit operator Ec2Answer(Refusal refusal) => Ec2Fault.Of(refusal);

    /// <summary>A list of EC2's: items in an element of their own.</summary>
    public static XElement List(string name, IEnumerable<object> items) =>
        new(name, items.Select(i => new XElement("item", i)));

    /// <summary>The response's document; everything in it is of the namespace of the caller's version.</summary>
    public byte[] Document(string action, string version, string requestId)
    {
        var root = new XElement(action + "Response", new XElement("requestId", requestId), Elements);
        XNamespace space = $"http://ec2.amazonaws.com/doc/{version}/";
        foreach (XElement element in root.DescendantsAndSelf())
        {
            element.Name = space + element.Name.LocalName;
        }

        return Bytes(root);
    }

    public static byte[] Document(Ec2Fault fault, string requestId) => Bytes(new XElement(
        "Response",
        new XElement("Errors", new[] { fault }.Concat(fault.More).Select(f => new XElement(
            "Error", new XElement("Code", f.Code), new XElement("Message", Printable(f.Message))))),
        new XElement("RequestID", requestId)));

    /// <summary>XML has no word for most control characters.</summary>
    private static string Printable(string text) => BodyText.Shown(text, 2048);

    private static byte[] Bytes(XElement root)
    {
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CheckCharacters = true }))
        {
            root.WriteTo(writer);
        }

        return bytes.ToArray();
    }
}
