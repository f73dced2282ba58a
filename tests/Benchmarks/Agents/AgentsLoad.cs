using System.Globalization;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Benchmarks.Agents;

/// <summary>Many agents as a process of their own, which is told what to do a line at a time and answers each with one.</summary>
internal static class AgentsLoad
{
    public const string DatabaseVariable = "NOVA_CLUSTER";

    private const string Prompt = "prompt";
    private const string Whole = "whole";

    /// <summary>What one agent costs the process that it is in.</summary>
    internal sealed record Started(double BytesOfAgent);

    public static async Task<int> Run(string[] arguments)
    {
        NetworkId network = new(Guid.Parse(arguments[0]));
        int[] range = [.. arguments[1..4].Select(Number)];
        bool prompt = arguments[4] == Prompt;
        string database = Environment.GetEnvironmentVariable(DatabaseVariable)!;
        // One for the code and the driver, the others for what is counted.
        await using ManyAgents first = await ManyAgents.Start(database, network, range[0], 1, range[2], prompt);
        double before = ResidentMemory.OfThis;
        await using ManyAgents agents = await ManyAgents.Start(database, network, range[0] + 1, range[1] - 1, range[2], prompt);
        OwnProcess.Say(new Started((ResidentMemory.OfThis - before) / (range[1] - 1)));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            BindReport report = line.Split(' ') switch
            {
                ["some", var seconds, var perSecond, var ofHost] =>
                    await agents.BindSome(Number(seconds), Number(perSecond), Number(ofHost)),
                ["each"] => Both(await Task.WhenAll(first.BindEach(), agents.BindEach())),
                _ => throw new InvalidOperationException($"'{line}' is no order"),
            };
            OwnProcess.Say(report);
        }

        return 0;
    }

    /// <summary>
    /// A process of so many hosts from a number on, each of which has so many binds prepared; <paramref name="prompt"/> as in
    /// <see cref="ManyAgents.Start"/>.
    /// </summary>
    public static OwnProcess Start(
        string database, string network, int from, int count, int bindsOfHost = ManyAgents.UsualBinds, bool prompt = false) =>
        OwnProcess.Start(
            "agents-load", [network, $"{from}", $"{count}", $"{bindsOfHost}", prompt ? Prompt : Whole],
            // They share its connections, which they need when they look for gateways.
            (DatabaseVariable, $"{database};Maximum Pool Size=4"),
            // As agents have it: the collector, of which the memory is, threads that do not spin for work, and no profiles.
            ("DOTNET_gcServer", "0"), ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0"), ("DOTNET_TieredPGO", "0"));

    private static BindReport Both(BindReport[] reports) =>
        new([.. reports.SelectMany(r => r.Times)], reports.Sum(r => r.Missing));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
