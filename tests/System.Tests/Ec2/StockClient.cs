using System.Diagnostics;
using System.Text.Json.Nodes;

namespace NovaOrleans.Systems.Ec2;

/// <summary>boto3 as the distribution packs it, driven by a script of ours. Its keys travel in the environment.</summary>
internal sealed class StockClient(Uri address, string accessKey, string secretKey)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs the script's steps in one session and gives what each found.</summary>
    public async Task<JsonNode> Do(params string[] steps)
    {
        var start = new ProcessStartInfo(
            "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Ec2", "session.py"), .. steps])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["EC2_URL"] = new Uri(address, "/services/Cloud").ToString();
        start.Environment["EC2_ACCESS_KEY"] = accessKey;
        start.Environment["EC2_SECRET_KEY"] = secretKey;
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        Assert.True(process.ExitCode == 0, $"the client ended with {process.ExitCode}:\n{await errors}\n{await output}");
        return JsonNode.Parse(await output)!;
    }
}
