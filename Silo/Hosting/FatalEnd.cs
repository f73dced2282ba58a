using System.Runtime.InteropServices;

namespace NovaOrleans.Silo.Hosting;

/// <summary>
/// What Orleans calls where a silo cannot go on: mostly because the others have declared it dead (it was frozen or cut off) and have
/// its grains by now. It ends at once, with one line and a status by which its supervisor starts it again on the same endpoint;
/// nothing is tidied up, since whatever it wrote now would come too late, and nothing needs it: the ledger fences what it began.
/// </summary>
public sealed partial class FatalEnd : IFatalErrorHandler
{
    /// <summary>sysexits' EX_TEMPFAIL: try again.</summary>
    public const int Status = 75;

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        string why = (exception?.Message ?? context ?? "Orleans gave no reason").ReplaceLineEndings(" ");
        Console.Error.WriteLine(
            $"This silo ends with status {Status}, to be started again on the same endpoint: {why}");
        Console.Error.Flush();
        if (OperatingSystem.IsWindows())
        {
            Environment.FailFast(why);
        }

        // Not Environment.Exit: it would wait for hosted services, and they for calls that nobody answers.
        Exit(Status);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);
}
