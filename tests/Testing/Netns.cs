using System.Diagnostics;

namespace NovaOrleans.Testing;

/// <summary>
/// A network namespace of a test's own, with a random name; it and the processes in it go with the test.
/// </summary>
public sealed class Netns : IAsyncDisposable
{
    private Netns(string name) => Name = name;

    public string Name { get; }

    public static async Task<Netns> Create(string prefix)
    {
        Netns space = new($"{prefix}-{Guid.NewGuid().ToString("N")[..8]}");
        await Tool("ip", "netns", "add", space.Name);
        await Tool("ip", "-n", space.Name, "link", "set", "lo", "up");
        return space;
    }

    /// <summary>Runs <c>ip</c> on it; the answer is what it printed.</summary>
    public Task<string> Ip(params string[] arguments) => Tool("ip", ["-n", Name, .. arguments]);

    public Task<string> Exec(string program, params string[] arguments) => Exec(Name, program, arguments);

    public static Task<string> Exec(string space, string program, params string[] arguments) =>
        Tool("ip", ["netns", "exec", space, program, .. arguments]);

    /// <summary>Whether a ping from it is answered within a second.</summary>
    public static async Task<bool> Pings(string space, string address)
    {
        (int code, _, _) = await Run("ip", ["netns", "exec", space, "ping", "-n", "-c1", "-W1", address]);
        return code == 0;
    }

    /// <summary>
    /// Whether one of up to four pings, a second apart, is answered. For what must pass: the kernel lets a new port of a
    /// bridge forward up to a second after its link is up, and the first packet may be lost in that.
    /// </summary>
    public static async Task<bool> Reaches(string space, string address)
    {
        for (int attempt = 1; attempt <= 4; attempt++)
        {
            if (await Pings(space, address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Runs a tool to its end. Throws with its words if it fails.</summary>
    public static async Task<string> Tool(string program, params string[] arguments)
    {
        (int code, string output, string error) = await Run(program, arguments);
        return code == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {code}: {error}");
    }

    /// <summary>As after a restart of the machine that it plays: the same name, and nothing in it.</summary>
    public async Task Rebuild()
    {
        await DisposeAsync();
        await Tool("ip", "netns", "add", Name);
        await Tool("ip", "-n", Name, "link", "set", "lo", "up");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string pid in (await Tool("ip", "netns", "pids", Name)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await Run("kill", ["-9", pid]);
        }

        await Tool("ip", "netns", "del", Name);
    }

    /// <summary>The processes of this name that live in the namespace.</summary>
    public static async Task<string[]> Processes(string space, string name) =>
    [
        .. (await Tool("ip", "netns", "pids", space)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(pid => NameOf(pid) == name),
    ];

    /// <summary>The tool's exit code, whatever it is.</summary>
    public static async Task<int> ExitCode(string space, string program, params string[] arguments) =>
        (await Run("ip", ["netns", "exec", space, program, .. arguments])).Code;

    private static string? NameOf(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").TrimEnd();
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }

    private static async Task<(int Code, string Output, string Error)> Run(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
