using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NovaOrleans.Faults;

/// <summary>
/// A network namespace in which a whole run lives: its database, silos and facades with ports of their own, and, beside it,
/// namespaces for agents and hosts, whose names begin with its name. Whatever happens to the run, all of it goes here.
/// </summary>
internal static class Space
{
    /// <summary>Runs this program in a new namespace, with these arguments and <c>--space NAME</c>; its exit code.</summary>
    public static async Task<(int Exit, string Output)> Run(bool captured, params string[] arguments)
    {
        await using Netns space = await Netns.Create("nvf");
        try
        {
            var start = new ProcessStartInfo(
                "nsenter",
                [
                    $"--net=/run/netns/{space.Name}", "--", "dotnet", typeof(Space).Assembly.Location, .. arguments, "--space", space.Name,
                ])
            {
                RedirectStandardOutput = captured,
                RedirectStandardError = captured,
            };
            using Process program = Process.Start(start) ?? throw new InvalidOperationException("nsenter does not start");
            Task<string> output = captured ? program.StandardOutput.ReadToEndAsync() : Task.FromResult("");
            Task<string> errors = captured ? program.StandardError.ReadToEndAsync() : Task.FromResult("");
            // A run that is told to end takes everything with it, which a signal alone would not.
            using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
            await program.WaitForExitAsync();
            return (program.ExitCode, await output + await errors);

            void End(PosixSignalContext signal)
            {
                signal.Cancel = true;
                program.Kill();
            }
        }
        finally
        {
            await Remove(space.Name);
        }
    }

    /// <summary>The namespaces beside it, with every process that is in them.</summary>
    private static async Task Remove(string prefix)
    {
        foreach (string line in (await Netns.Tool("ip", "netns", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = line.Split(' ')[0];
            if (name.StartsWith(prefix + "-", StringComparison.Ordinal))
            {
                foreach (string id in (await Netns.Tool("ip", "netns", "pids", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    // It may end by itself just now.
                    await Netns.ExitCode(name, "kill", "-9", id);
                }

                await Netns.Tool("ip", "netns", "del", name);
            }
        }
    }
}
