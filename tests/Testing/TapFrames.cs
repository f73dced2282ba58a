using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NovaOrleans.Testing;

/// <summary>
/// A tap that is there, opened as a hypervisor opens it: what is sent here comes out of the tap as if its guest had sent it.
/// The kernel does not know one holder from another, and lets in one at a time.
/// </summary>
public sealed partial class TapFrames : IFrameSender
{
    private const nuint SetInterface = 0x400454ca; // TUNSETIFF
    private const short Tap = 0x0002, NoHeader = 0x1000; // IFF_TAP, IFF_NO_PI
    private const int NameLength = 16;

    private readonly SafeFileHandle _tap;

    private TapFrames(SafeFileHandle tap) => _tap = tap;

    public static TapFrames Open(string space, string tap) => InSpace.Make(space, () => new TapFrames(OpenHere(tap)));

    public void Send(ReadOnlySpan<byte> frame) => InSpace.Check(
        write((int)_tap.DangerousGetHandle(), ref MemoryMarshal.GetReference(frame), (nuint)frame.Length), "write");

    public void Dispose() => _tap.Dispose();

    private static SafeFileHandle OpenHere(string tap)
    {
        SafeFileHandle handle = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        // struct ifreq: the name, then the flags.
        byte[] request = new byte[40];
        Encoding.ASCII.GetBytes(tap).CopyTo(request, 0);
        BitConverter.TryWriteBytes(request.AsSpan(NameLength), (short)(Tap | NoHeader));
        InSpace.Check(ioctl((int)handle.DangerousGetHandle(), SetInterface, ref request[0]), tap);
        return handle;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int handle, nuint request, ref byte value);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int handle, ref byte frame, nuint length);
}

/// <summary>Who sends frames as they are.</summary>
public interface IFrameSender : IDisposable
{
    void Send(ReadOnlySpan<byte> frame);
}
