using System.Runtime.InteropServices;

namespace NovaOrleans.Testing.Clusters;

/// <summary>kill(2) with the signals that clusters are treated with.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>False where there is no such process any more.</summary>
    public static bool Send(int process, int signal) => Call(process, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Call(int process, int signal);
}
