using System.Diagnostics;

namespace NovaOrleans.Conformance;

/// <summary>The servers that are there to be killed.</summary>
public sealed class ServerProcessTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_server_that_nobody_killed_ends_when_whoever_started_it_is_gone()
    {
        using PlugIn plugIn = PlugIn.In(BuiltPlugIns.Output("SamplePlugin"));
        DirectoryInfo rows = Directory.CreateTempSubdirectory("nova-conformance-rows-");
        using Process server = ServerProcess.Start(plugIn, rows.FullName, made: null);
        try
        {
            string? told = await server.StandardOutput.ReadLineAsync().WaitAsync(s_limit);
            Assert.Contains("\"Broken\":null", told, StringComparison.Ordinal);
            Assert.False(server.HasExited, "it ended although nobody killed it");
            // As the kernel does for a process that has ended, in whatever way.
            server.StandardInput.Close();
            await server.WaitForExitAsync().WaitAsync(s_limit);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            rows.Delete(recursive: true);
        }
    }
}
