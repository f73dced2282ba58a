using System.Runtime.InteropServices;

namespace NovaOrleans.Demo;

/// <summary>Signals, which .NET can send only as SIGKILL.</summary>
internal static partial class Native
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);
}
