using System.Diagnostics;
using System.Text;

namespace NovaOrleans.Demo;

/// <summary>Runs a program to its end, with an argument list.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public sealed record Result(int Status, string Output, string Error)
    {
        public string All => $"{Output}\n{Error}".Trim();
    }

    public static async Task<Result> Try(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process process = Process.Start(start) ?? throw new DemoFault($"{program} does not start");
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Result(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new DemoFault($"{program} {string.Join(' ', arguments)} did not end within {Limit.TotalSeconds:0} s");
        }
    }

    public static async Task<string> Run(string program, params string[] arguments)
    {
        Result result = await Try(program, arguments);
        return result.Status == 0
            ? result.Output
            : throw new DemoFault($"{program} {string.Join(' ', arguments)} ended with {result.Status}: {result.All}");
    }
}
