using System.Diagnostics;
using System.Text.Json;
using NovaOrleans.Conformance.Kept;

namespace NovaOrleans.Conformance;

/// <summary>
/// A server in a process that is killed when it has said what it came to: this program again, by an option that is in no help. It ends
/// as well when whoever started it is gone, in whatever way, since its input ends then.
/// </summary>
internal static class ServerProcess
{
    public const string RowsOption = "--rows";
    public const string CardOption = "--card";

    /// <summary>Two of them are within the limit of a promise.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(80);

    /// <summary>One life, over the rows of a folder: the first where nothing was made before, and otherwise the second.</summary>
    /// <exception cref="BrokenPromiseException">It says so, or said nothing.</exception>
    public static async Task<VnicId> Live(PlugIn plugIn, string rows, VnicId? made)
    {
        using Process process = Start(plugIn, rows, made);
        string which = made is null ? "the server" : "the server that was started after it";
        string? line;
        try
        {
            line = await process.StandardOutput.ReadLineAsync().WaitAsync(s_limit);
        }
        catch (TimeoutException)
        {
            throw new BrokenPromiseException($"{which} had not answered after {s_limit.TotalSeconds:0} s");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        Told told = line is null
            ? new Told(null, $"{which} ended by itself, with status {process.ExitCode}") : JsonSerializer.Deserialize<Told>(line)!;
        return told.Vnic is { } id ? new VnicId(id) : throw new BrokenPromiseException(told.Broken!);
    }

    /// <summary>Starts one and leaves it to its starter.</summary>
    public static Process Start(PlugIn plugIn, string rows, VnicId? made)
    {
        string[] card = made is { } vnic ? [CardOption, vnic.ToString()] : [];
        var start = new ProcessStartInfo("dotnet", [typeof(ServerProcess).Assembly.Location, plugIn.Folder, RowsOption, rows, .. card])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Counting calls, to compile better what runs often, costs more than it gives in so short a life.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start");
    }

    /// <summary>What such a process does: it lives, says one line and waits for its end, which is no return.</summary>
    public static async Task<int> Run(string folder, string rows, Guid? card)
    {
        new Thread(EndWithInput) { IsBackground = true }.Start();
        TextWriter answer = Console.Out;
        // A plug-in that prints would be taken for the answer.
        Console.SetOut(TextWriter.Null);
        var trial = new Trial(PlugIn.Copied(folder), rows);
        Told told = await Tell(trial, card);
        await answer.WriteLineAsync(JsonSerializer.Serialize(told));
        await answer.FlushAsync();
        return await new TaskCompletionSource<int>().Task;
    }

    private static async Task<Told> Tell(Trial trial, Guid? card)
    {
        try
        {
            await trial.StartServer(trial.PlugIn.Load());
            return new Told((card is { } made ? await Lives.Second(trial, new VnicId(made)) : await Lives.First(trial)).Value, null);
        }
        catch (Exception e)
        {
            return new Told(null, BrokenPromiseException.ReasonIn(e));
        }
    }

    /// <summary>As hard as the parent would: neither a plug-in's threads nor its handlers can keep the process.</summary>
    private static void EndWithInput()
    {
        using Stream input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        using Process self = Process.GetCurrentProcess();
        self.Kill();
    }

    /// <summary>The card of the life, or why there is none.</summary>
    private sealed record Told(Guid? Vnic, string? Broken);
}
