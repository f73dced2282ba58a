using System.Diagnostics;
using NovaOrleans.Benchmarks.Measures;

namespace NovaOrleans.Benchmarks.Fleet;

/// <summary>Says how far it is and what the silo has in memory, at most twice a second; at a terminal on one line.</summary>
internal sealed class Progress(int silo)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private long _told;

    /// <summary>In bytes, of all times when it was looked at.</summary>
    public double MostResident { get; private set; }

    /// <summary>What the silo has now.</summary>
    public double Look()
    {
        double resident = ResidentMemory.Of(silo);
        lock (_lock)
        {
            MostResident = Math.Max(MostResident, resident);
        }

        return resident;
    }

    public void Tell(string what, int there, int? of)
    {
        lock (_lock)
        {
            bool last = there == of;
            if (!last && _told != 0 && Stopwatch.GetElapsedTime(_told) < s_pace)
            {
                return;
            }

            _told = Stopwatch.GetTimestamp();
            double resident = Look();
            string line = $"{what}: {there:N0}{(of is { } all ? $" of {all:N0}" : "")}, the silo has {resident / (1 << 20):N0} MiB";
            if (Console.IsErrorRedirected)
            {
                Console.Error.WriteLine(line);
            }
            else
            {
                Console.Error.Write($"\r{line,-78}{(last ? "\n" : "")}");
            }
        }
    }
}
