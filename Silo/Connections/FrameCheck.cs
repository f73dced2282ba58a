using System.Buffers;
using System.Buffers.Binary;
using NovaOrleans.Connections;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Session;
using Orleans.Serialization.WireProtocol;

namespace NovaOrleans.Silo.Connections;

/// <summary>
/// Holds what one client sends against its certificate. The layout is Orleans 10's own (MessageSerializer, ConnectionPreamble): four
/// bytes of flags, eight of the message's id, then the sender and the target. What cannot be read so is refused, so that another
/// layout lets nobody in by mistake.
/// </summary>
internal sealed class FrameCheck(Peer peer, SerializerSessionPool sessions)
{
    /// <summary>So much of a header is looked at; sender and target, each at most a few hundred bytes, come first in it.</summary>
    public const int LongestStart = 2048;

    private const int FlagsAndId = 12;
    private const uint HasCacheInvalidation = 1 << 7;
    private const uint Request = 1;
    private const uint OneWay = 3;

    /// <summary>As the sender stands in every header of this client's.</summary>
    private byte[] _sender = [];

    /// <summary>Keeps the id that the client gives itself, if it begins as the certificate has it.</summary>
    public void Preamble(ReadOnlySequence<byte> preamble)
    {
        GrainId self = IdentityIn(preamble);
        if (!GrainTypePrefix.ClientGrainType.Equals(self.Type)
            || !self.Key.ToString()!.StartsWith(peer.ClientPrefix, StringComparison.Ordinal)
            || Peer.OfClient(self.Key.ToString()!) != peer)
        {
            throw new FrameRefusedException($"it calls itself {self}, and its certificate says {peer}");
        }

        using SerializerSession session = sessions.GetSession();
        ArrayBufferWriter<byte> bytes = new();
        var writer = Writer.Create(bytes, session);
        IdSpanCodec.WriteRaw(ref writer, IdSpan.Create(self.Type.ToString()!));
        IdSpanCodec.WriteRaw(ref writer, IdSpan.Create(self.Key.ToString()!));
        writer.Commit();
        _sender = bytes.WrittenSpan.ToArray();
    }

    /// <summary>The beginning of a message's header, or all of it.</summary>
    public void Header(ReadOnlySequence<byte> start)
    {
        ReadOnlySpan<byte> header = start.IsSingleSegment ? start.FirstSpan : start.ToArray();
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (!header[FlagsAndId..].StartsWith(_sender))
        {
            throw new FrameRefusedException("a message's sender is not the client of this connection");
        }

        if ((flags & HasCacheInvalidation) != 0)
        {
            throw new FrameRefusedException("a message tells silos where grains are, which is no client's to say");
        }

        uint direction = (flags >> 16) & 0xF;
        if (peer.Role == PeerRole.Host && direction is not (Request or OneWay))
        {
            // Nobody asks agents anything that they answer: what a host is told is one-way.
            throw new FrameRefusedException("a message is an answer, and a compute host is asked nothing");
        }

        Target(header[(FlagsAndId + _sender.Length)..]);
    }

    private void Target(ReadOnlySpan<byte> rest)
    {
        using SerializerSession session = sessions.GetSession();
        var reader = Reader.Create(rest, session);
        ReadOnlySpan<byte> type = Id(ref reader);
        Id(ref reader);
        if (peer.Role is PeerRole.Host or PeerRole.Api && type.StartsWith(GrainTypePrefix.ClientPrefixBytes.Span))
        {
            throw new FrameRefusedException("a message is for another client");
        }
    }

    /// <summary>
    /// A key's hash is sent along, and a silo believes it: with another one a client could have a second activation of a grain.
    /// </summary>
    private static ReadOnlySpan<byte> Id(ref Reader<SpanReaderInput> reader)
    {
        int length = checked((int)reader.ReadVarUInt32());
        if (length == 0)
        {
            return [];
        }

        int hash = reader.ReadInt32();
        byte[] bytes = reader.ReadBytes((uint)length);
        return new IdSpan(bytes).GetHashCode() == hash
            ? bytes
            : throw new FrameRefusedException("a message's target has a hash that is not its own");
    }

    private GrainId IdentityIn(ReadOnlySequence<byte> preamble)
    {
        using SerializerSession session = sessions.GetSession();
        var reader = Reader.Create(preamble, session);
        reader.ReadFieldHeader();
        uint id = 0;
        while (true)
        {
            Field field = reader.ReadFieldHeader();
            if (field.IsEndBaseOrEndObject)
            {
                throw new FrameRefusedException("its preamble names no client");
            }

            id += field.FieldIdDelta;
            if (id == 1)
            {
                return sessions.CodecProvider.GetCodec<GrainId>().ReadValue(ref reader, field);
            }

            reader.ConsumeUnknownField(field);
        }
    }
}
