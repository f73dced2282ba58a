using System.Globalization;

namespace NovaOrleans.Faults;

/// <summary>What a run is told on the command line of <c>./nova test --faults</c>.</summary>
internal sealed record RunOptions
{
    public double Seconds { get; init; } = 60;

    public int Seed { get; init; }

    /// <summary>The folder in which a folder named by the seed is made.</summary>
    public required string Results { get; init; }

    /// <summary>A fixed handful of faults, as every run of the tests has it; times are told and not judged.</summary>
    public bool Short { get; init; }

    /// <summary>Enough for each silo to have some, however they fall; half of the load is enough where no times are judged.</summary>
    public int Networks => Short ? 9 : 18;

    public int ServerClients => Short ? 2 : 3;

    /// <summary>The namespace that this process is in; null before it is.</summary>
    public string? Space { get; init; }

    public string Folder => Path.Combine(Results, Seed.ToString(CultureInfo.InvariantCulture));

    /// <summary>Null, and what is wrong, where it cannot be read.</summary>
    public static (RunOptions? Options, string? Fault) Read(IReadOnlyList<string> words)
    {
        // Chosen here and always printed: a run is told by it and can be had again.
        RunOptions options = new() { Results = DefaultResults, Seed = Random.Shared.Next(1, 1_000_000) };
        for (int i = 0; i < words.Count; i++)
        {
            string? value = i + 1 < words.Count ? words[i + 1] : null;
            switch (words[i])
            {
                case "--short":
                    options = options with { Short = true, Seconds = Schedule.ShortSeconds };
                    continue;
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 20 and <= 7200:
                    options = options with { Seconds = seconds };
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out int seed):
                    options = options with { Seed = seed };
                    break;
                case "--results" when value is not null:
                    options = options with { Results = Path.GetFullPath(value) };
                    break;
                case "--space" when value is not null:
                    options = options with { Space = value };
                    break;
                default:
                    return (null, $"'{words[i]} {value}' is not understood; accepted are --seconds 20 to 7200, --seed N, --results FOLDER and --short.");
            }

            i++;
        }

        return (options, null);
    }

    private static string DefaultResults => Path.Combine(Testing.NovaProcess.Artifacts, "faults");
}
