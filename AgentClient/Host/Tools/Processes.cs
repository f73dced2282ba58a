using System.Runtime.InteropServices;
using System.Text;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// Processes that outlive the agent: found by their pid file, known by their command line, ended by their id.
/// </summary>
public static partial class Processes
{
    public const int Hangup = 1;
    public const int Kill = 9;
    public const int Terminate = 15;

    public static bool IsRoot => OperatingSystem.IsLinux() && EffectiveUser() == 0;

    /// <summary>
    /// The live process that <paramref name="pidFile"/> names, if <paramref name="word"/> is in its command line: a
    /// pid is reused by strangers.
    /// </summary>
    public static int? Find(string pidFile, string word)
    {
        try
        {
            string text = File.ReadAllText(pidFile).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && CommandLine(pid).Contains(word, StringComparison.Ordinal) ? pid : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Empty where there is no such process, or only its corpse.</summary>
    public static string CommandLine(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process may end between two reads of /proc.
            return "";
        }
    }

    public static void Signal(int pid, int signal) => _ = SendSignal(pid, signal);

    /// <summary>Asks the processes to end, and ends those that have not within <paramref name="patience"/>.</summary>
    public static async Task End(IReadOnlyList<int> pids, TimeSpan patience, CancellationToken stop)
    {
        foreach (int pid in pids)
        {
            Signal(pid, Terminate);
        }

        if (!await AreGone(pids, patience, stop))
        {
            foreach (int pid in pids.Where(p => !IsGone(p)))
            {
                Signal(pid, Kill);
            }

            await AreGone(pids, patience, stop);
        }
    }

    private static async Task<bool> AreGone(IReadOnlyList<int> pids, TimeSpan patience, CancellationToken stop)
    {
        using PeriodicTimer tick = new(TimeSpan.FromMilliseconds(5));
        for (int i = 0; i < patience.TotalMilliseconds / 5; i++)
        {
            if (pids.All(IsGone))
            {
                return true;
            }

            await tick.WaitForNextTickAsync(stop);
        }

        return false;
    }

    /// <summary>
    /// Whether there is no such process, or only its corpse. By its state, and not by its command line: a process that ends loses that with
    /// its memory, and its sockets a moment later, so that the next server found the address in use.
    /// </summary>
    private static bool IsGone(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name before it may have any letters, brackets too.
            return stat[(stat.LastIndexOf(')') + 2)..] is ['Z' or 'X', ..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
