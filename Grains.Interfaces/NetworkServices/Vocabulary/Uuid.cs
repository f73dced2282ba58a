using System.Buffers.Binary;

namespace NovaOrleans.Vocabulary;

/// <summary>
/// UUIDs of version 7 (RFC 9562, 5.7): milliseconds since 1970, then 74 random bits, so that rows made after each other lie beside each
/// other in an index. The bits are this process's own generator's, which the system has seeded: an id is no secret, and
/// <see cref="Guid.CreateVersion7()"/> asks the system for each, of which a create needs four (3 of 100 samples of a busy server).
/// </summary>
internal static class Uuid
{
    public static Guid New()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes[6..]);
        long milliseconds = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(milliseconds >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)milliseconds);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The UUID whose last 32 bits are so many further, and the same one for 0.</summary>
    public static Guid Beside(Guid id, int steps)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        uint last = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], unchecked(last + (uint)steps));
        return new Guid(bytes, bigEndian: true);
    }
}
