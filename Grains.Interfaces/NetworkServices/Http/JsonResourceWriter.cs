using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NovaOrleans.Http;

/// <summary>
/// Writes a resource as JSON bytes, without a tree in between. It may be used again after <see cref="Reset"/>; an
/// instance belongs to one request at a time.
/// </summary>
public sealed class JsonResourceWriter : ResourceWriter, IDisposable
{
    // Relaxed: the answer is application/json and never part of a page, so that names and sentences stay readable.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = false,
    };

    private readonly Utf8JsonWriter _json;

    public JsonResourceWriter(IBufferWriter<byte> output) => _json = new Utf8JsonWriter(output, Options);

    /// <summary>Begins another resource on another output.</summary>
    public void Reset(IBufferWriter<byte> output) => _json.Reset(output);

    /// <summary>Ends the resource; what was written has then reached the output.</summary>
    public void Complete()
    {
        Open();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();

    public override void BeginRoot(string name) => BeginObject(name);
    public override void EndRoot() => _json.WriteEndObject();

    public override void BeginObject(string name)
    {
        Open();
        _json.WriteStartObject(name);
    }

    public override void EndObject() => _json.WriteEndObject();

    public override void BeginList(string name, string item)
    {
        Open();
        _json.WriteStartArray(name);
    }

    public override void EndList() => _json.WriteEndArray();
    public override void BeginItem() => _json.WriteStartObject();
    public override void EndItem() => _json.WriteEndObject();
    public override void Item(string value) => _json.WriteStringValue(value);
    public override void BeginKeyedList(string key, string element, string item) => BeginList(key, item);
    public override void KeyedField(string key, string value, string element) => _json.WriteString(key, value);

    public override void Field(string name, string? value) => _json.WriteString(name, value);

    public override void Field(string name, long? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    public override void Field(string name, bool? value)
    {
        if (value is { } flag)
        {
            _json.WriteBoolean(name, flag);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    public override void Field(string name, Guid? value)
    {
        if (value is { } id)
        {
            _json.WriteString(name, id);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    /// <summary>The outermost brace, which in XML has no counterpart, opens with whatever comes first.</summary>
    private void Open()
    {
        if (_json.CurrentDepth == 0)
        {
            _json.WriteStartObject();
        }
    }
}
