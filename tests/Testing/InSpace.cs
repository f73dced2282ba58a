using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NovaOrleans.Testing;

/// <summary>
/// What must be done in a network namespace, such as the making of a socket: it belongs there, and is used from anywhere.
/// </summary>
internal static partial class InSpace
{
    private const int NewNetwork = 0x40000000;

    /// <summary>On a thread of its own, which ends here: whoever used it next would be in another namespace.</summary>
    public static T Make<T>(string space, Func<T> make)
        where T : class
    {
        T? made = null;
        Exception? fault = null;
        Thread thread = new(() =>
        {
            try
            {
                using (SafeFileHandle handle = File.OpenHandle($"/run/netns/{space}"))
                {
                    Check(setns((int)handle.DangerousGetHandle(), NewNetwork), "setns");
                }

                made = make();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
            {
                fault = e;
            }
        });
        thread.Start();
        thread.Join();
        return made ?? throw new IOException($"in {space}: {fault?.Message}", fault);
    }

    /// <summary>A system call's answer, unless it failed.</summary>
    public static nint Check(nint result, string what) =>
        result >= 0 ? result : throw new IOException($"{what}: errno {Marshal.GetLastPInvokeError()}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int handle, int kind);
}
