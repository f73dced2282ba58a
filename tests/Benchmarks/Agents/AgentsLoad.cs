using System.Globalization;
using System.Text.Json;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Benchmarks.Agents;

/// <summary>Many agents as a process of their own, which is told what to do a line at a time and answers each with one.</summary>
internal static class AgentsLoad
{
    public const string DatabaseVariable = "NOVA_CLUSTER";

    /// <summary>What one agent costs the process that it is in.</summary>
    internal sealed record Started(double BytesOfAgent);

    public static async Task<int> Run(string[] arguments)
    {
        NetworkId network = new(Guid.Parse(arguments[0]));
        int[] range = [.. arguments[1..3].Select(Number)];
        string database = Environment.GetEnvironmentVariable(DatabaseVariable)!;
        // One for the code and the driver, the others for what is counted.
        await using ManyAgents first = await ManyAgents.Start(database, network, range[0], 1);
        double before = Resident();
        await using ManyAgents agents = await ManyAgents.Start(database, network, range[0] + 1, range[1] - 1);
        Console.WriteLine(JsonSerializer.Serialize(new Started((Resident() - before) / (range[1] - 1))));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            BindReport report = line.Split(' ') switch
            {
                ["some", var seconds, var perSecond] => await agents.BindSome(Number(seconds), Number(perSecond)),
                ["each"] => Both(await Task.WhenAll(first.BindEach(), agents.BindEach())),
                _ => throw new InvalidOperationException($"'{line}' is no order"),
            };
            Console.WriteLine(JsonSerializer.Serialize(report));
        }

        return 0;
    }

    /// <summary>What a process has in memory.</summary>
    public static double Resident(int? process = null)
    {
        string line = File.ReadLines($"/proc/{process?.ToString(CultureInfo.InvariantCulture) ?? "self"}/status")
            .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024.0 * Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);
    }

    private static BindReport Both(BindReport[] reports) =>
        new([.. reports.SelectMany(r => r.Times)], reports.Sum(r => r.Missing));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
