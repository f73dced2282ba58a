using System.Globalization;

namespace NovaOrleans.Http;

/// <summary>
/// Writes a resource to the response, as JSON or as XML: one description, two formats (seed S60). In JSON a field is a
/// member; in XML it is an attribute of its element (rows R25), a nested object a child element, and a list's items are
/// elements named by the singular. A null is <c>null</c> in JSON and left out in XML.
/// </summary>
public abstract class ResourceWriter
{
    /// <summary>Begins the one root: <c>{"network":{…}}</c> or <c>&lt;network …&gt;</c>.</summary>
    public abstract void BeginRoot(string name);
    public abstract void EndRoot();

    public abstract void BeginObject(string name);
    public abstract void EndObject();

    /// <summary>
    /// Begins <c>"networks":[…]</c>, in XML <c>&lt;networks&gt;</c> with items <c>&lt;network&gt;</c>. Without a root
    /// it is the root; a second one beside it (<c>networks_links</c>) is the last child of the first in XML.
    /// </summary>
    public abstract void BeginList(string name, string item);
    public abstract void EndList();
    public abstract void BeginItem();
    public abstract void EndItem();

    /// <summary>An item that is a plain value, as an address in a list of addresses.</summary>
    public abstract void Item(string value);

    /// <summary>
    /// A list under a key that is no field's name but a caller's word: <c>"my net":[…]</c>, in XML
    /// <c>&lt;network id="my net"&gt;</c> with items <c>&lt;ip&gt;</c>. Ends with <see cref="EndList"/>.
    /// </summary>
    public abstract void BeginKeyedList(string key, string element, string item);

    /// <summary>
    /// A text under a caller's word: <c>"key":"value"</c>, in XML <c>&lt;meta key="key"&gt;value&lt;/meta&gt;</c>.
    /// </summary>
    public abstract void KeyedField(string key, string value, string element);

    public abstract void Field(string name, string? value);
    public abstract void Field(string name, long? value);
    public abstract void Field(string name, bool? value);

    /// <summary>A UUID, without the string that <c>ToString</c> would make.</summary>
    public virtual void Field(string name, Guid? value) => Field(name, value?.ToString());

    /// <summary>A time in ISO 8601, UTC, to the millisecond.</summary>
    public virtual void Field(string name, DateTimeOffset? value) => Field(name, value is { } time ? Text(time) : null);

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
