using Orleans.Serialization;

namespace NovaOrleans.Hosts;

/// <summary>
/// A host's record as a row's text: the wire's own serializer, in base64, so that what is stored and what is sent are the same
/// thing and age together. What an operator asks of a binding is in columns of its own.
/// </summary>
public sealed class RecordText(Serializer<HostRecord> serializer)
{
    public string Write(HostRecord record) => Convert.ToBase64String(serializer.SerializeToArray(record));

    public HostRecord Read(string text) => serializer.Deserialize(Convert.FromBase64String(text))
        ?? throw new InvalidDataException("a host's record is null");
}
