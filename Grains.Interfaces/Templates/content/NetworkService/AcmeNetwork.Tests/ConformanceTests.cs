using System.Diagnostics;

namespace AcmeNetwork.Tests;

/// <summary>
/// What every network service promises, held against this one as it will be installed: the kit starts a server with it and prints a
/// line a promise.
/// </summary>
public sealed class ConformanceTests
{
    [Fact]
    public async Task Every_promise_of_a_network_service_is_kept()
    {
        string root = Root();
        (int restored, string said) = await Run(root, "tool", "restore");
        Assert.True(restored == 0, said);
        (int broken, string report) = await Run(
            root, "tool", "run", "nova-conformance", Path.Combine(root, "network-services", "acme.network.blue"));
        Assert.True(broken == 0, report);
    }

    private static async Task<(int Status, string Output)> Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    /// <summary>The folder of the solution.</summary>
    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "network-services")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("build AcmeNetwork first: there is no folder network-services");
    }
}
