using NovaOrleans.Instances;
using Orleans.Serialization;

namespace NovaOrleans.Hosts;

/// <summary>
/// A host's record as a row's text: the wire's own serializer, in base64, so that what is stored and what is sent are the same
/// thing and age together. What an operator asks of a binding is in columns of its own.
/// </summary>
public sealed class RecordText(Serializer<HostRecord> serializer)
{
    private static readonly InstanceSpec s_nobody = new(default, "", default, []);

    public string Write(HostRecord record) => Convert.ToBase64String(serializer.SerializeToArray(record));

    /// <summary>
    /// Whether two bindings would be told alike. Their lists are compared by what is in them, which a record's own equality does not.
    /// </summary>
    public bool Alike(HostBinding one, HostBinding other) => Alike(new BindRecord(0, s_nobody, one), new BindRecord(0, s_nobody, other));

    public bool Alike(HostFact one, HostFact other) =>
        Alike(new FactRecord(0, one.Key, one), new FactRecord(0, other.Key, other));

    /// <summary>
    /// What came in a message, or out of a row, has other kinds of lists than what was just composed of rows, and the serializer writes
    /// the kind: what differs is compared once more as both come out of it.
    /// </summary>
    private bool Alike(HostRecord one, HostRecord other)
    {
        byte[] a = serializer.SerializeToArray(one), b = serializer.SerializeToArray(other);
        return a.AsSpan().SequenceEqual(b) || Again(a).AsSpan().SequenceEqual(Again(b));
    }

    private byte[] Again(byte[] written) => serializer.SerializeToArray(serializer.Deserialize(written));

    public HostRecord Read(string text) => serializer.Deserialize(Convert.FromBase64String(text))
        ?? throw new InvalidDataException("a host's record is null");
}
