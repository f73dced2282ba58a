using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static NovaOrleans.Testing.InSpace;

namespace NovaOrleans.Testing;

/// <summary>Frames as they are, sent and received on one link of a network namespace: packet(7).</summary>
public sealed partial class RawFrames : IFrameSender
{
    private const int PacketFamily = 17;
    private const int RawSocket = 3;
    private const int AllProtocols = 0x0300; // ETH_P_ALL in network order
    private const int SocketLevel = 1;
    private const int ReceiveTimeout = 20;

    private readonly int _socket;

    private RawFrames(int socket) => _socket = socket;

    public static RawFrames Open(string space, string link) => InSpace.Make(space, () => new RawFrames(OpenHere(link)));

    public void Send(ReadOnlySpan<byte> frame) =>
        Check(send(_socket, ref MemoryMarshal.GetReference(frame), (nuint)frame.Length, 0), "send");

    /// <summary>The next frame that leaves or arrives there; null if none does within the time.</summary>
    public byte[]? Receive(TimeSpan within)
    {
        Span<long> time = [(long)within.TotalSeconds, within.Microseconds + (within.Milliseconds * 1000)];
        ref byte value = ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(time));
        Check(setsockopt(_socket, SocketLevel, ReceiveTimeout, ref value, 16), "setsockopt");
        byte[] frame = new byte[2048];
        nint length = recv(_socket, ref frame[0], (nuint)frame.Length, 0);
        return length > 0 ? frame[..(int)length] : null;
    }

    public void Dispose() => _ = close(_socket);

    private static int OpenHere(string link)
    {
        int socket = (int)Check(RawFrames.socket(PacketFamily, RawSocket, AllProtocols), "socket");
        // struct sockaddr_ll: family, protocol, index; the rest is for sending to somewhere else than the frame says.
        byte[] address = new byte[20];
        BinaryPrimitives.WriteUInt16LittleEndian(address, PacketFamily);
        BinaryPrimitives.WriteUInt16LittleEndian(address.AsSpan(2), AllProtocols);
        BinaryPrimitives.WriteUInt32LittleEndian(address.AsSpan(4), (uint)Check((nint)if_nametoindex(link) - 1, link) + 1);
        Check(bind(socket, ref address[0], (uint)address.Length), "bind");
        return socket;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int kind, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int socket, ref byte address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, ref byte frame, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int socket, ref byte frame, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int socket, int level, int option, ref byte value, uint length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint if_nametoindex(string name);

    [LibraryImport("libc")]
    private static partial int close(int handle);
}
