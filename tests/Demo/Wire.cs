using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NovaOrleans.Demo;

/// <summary>
/// A packet socket on a guest's NIC: sends whatever one likes, as a hostile guest would, and hears everything that arrives.
/// A socket stays in the namespace that it was opened in, so only its opening needs a thread there.
/// </summary>
internal sealed class Wire : IDisposable
{
    private const int PacketFamily = 17;
    private const int Raw = 3;
    private const int NonBlocking = 0x800;
    private const ushort EveryProtocol = 0x0003;
    private const int LargestFrame = 2048;

    private readonly int _socket;
    private readonly byte[] _buffer = new byte[LargestFrame];

    private Wire(int socket) => _socket = socket;

    public static Wire Open(string space, string link)
    {
        int socket = -1;
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                socket = OpenHere(space, link);
            }
            catch (Exception e) when (e is Win32Exception or IOException)
            {
                fault = e;
            }
        });
        thread.Start();
        thread.Join();
        return fault is null ? new Wire(socket) : throw new DemoFault($"no packet socket on {link} of {space}: {fault.Message}");
    }

    public void Send(byte[] frame)
    {
        if (Native.Send(_socket, frame, frame.Length, 0) != frame.Length)
        {
            throw new DemoFault($"a frame could not be sent: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    /// <summary>
    /// Hears until a frame with <paramref name="last"/> arrives, and answers which of the other marks arrived before it.
    /// </summary>
    public async Task<IReadOnlySet<Mark>> HearUntil(Mark last, IReadOnlyList<Mark> marks, CancellationToken stop)
    {
        var heard = new HashSet<Mark>();
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            nint length = Native.Receive(_socket, _buffer, _buffer.Length, 0);
            if (length <= 0)
            {
                if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(5))
                {
                    throw new DemoFault("an honest frame did not arrive within 5 s");
                }

                await Task.Delay(5, stop);
                continue;
            }

            ReadOnlyMemory<byte> frame = _buffer.AsMemory(0, (int)length);
            heard.UnionWith(marks.Where(m => m.IsIn(frame.Span)));
            if (last.IsIn(frame.Span))
            {
                return heard;
            }
        }
    }

    public void Dispose() => _ = Native.Close(_socket);

    private static int OpenHere(string space, string link)
    {
        using (var file = File.OpenHandle($"/run/netns/{space}"))
        {
            Must(Native.SetNamespace(file, Native.NetworkNamespace));
        }

        int socket = Must(Native.Socket(PacketFamily, Raw | NonBlocking, (ushort)((EveryProtocol & 0xFF) << 8)));
        byte[] address = new byte[20];
        BitConverter.TryWriteBytes(address.AsSpan(0), (ushort)PacketFamily);
        address[3] = (byte)EveryProtocol;
        BitConverter.TryWriteBytes(address.AsSpan(4), (int)Native.IndexOf(link));
        Must(Native.Bind(socket, address, address.Length));
        return socket;
    }

    private static int Must(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());
}
