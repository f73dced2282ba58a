using System.Globalization;

namespace NovaOrleans.Benchmarks.Measures;

/// <summary>
/// Processor time of a process and of all that descend from it, user and system, as /proc has it. Children that ended are counted by
/// their parent, once it has waited for them: PostgreSQL's sessions come and go.
/// </summary>
public static class ProcessorTime
{
    /// <summary>The kernel tells times in hundredths of a second, whatever its own tick is.</summary>
    private const double MillisecondsOfTick = 10;

    /// <summary>In milliseconds, since the tree's first process began.</summary>
    public static double OfTree(int root) => OfTree(root, Directory.EnumerateDirectories("/proc").Select(Stat).OfType<string>());

    /// <summary>The same of these lines of /proc/PID/stat.</summary>
    public static double OfTree(int root, IEnumerable<string> stats)
    {
        Line[] all = [.. stats.Select(Line.Parse)];
        ILookup<int, Line> children = all.ToLookup(l => l.Parent);
        double ticks = all.Where(l => l.Id == root).Sum(l => l.Ticks);
        Stack<int> open = new([root]);
        while (open.TryPop(out int next))
        {
            foreach (Line child in children[next])
            {
                ticks += child.Ticks;
                open.Push(child.Id);
            }
        }

        return ticks * MillisecondsOfTick;
    }

    private static string? Stat(string folder)
    {
        if (!char.IsAsciiDigit(Path.GetFileName(folder)[0]))
        {
            return null;
        }

        try
        {
            return File.ReadAllText(Path.Combine(folder, "stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended between the listing and now.
            return null;
        }
    }

    private readonly record struct Line(int Id, int Parent, double Ticks)
    {
        /// <summary>Its name comes in brackets and may hold anything; what counts comes after the last bracket.</summary>
        public static Line Parse(string stat)
        {
            string[] words = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            double ticks = words[11..15].Sum(w => double.Parse(w, CultureInfo.InvariantCulture));
            return new Line(Number(stat[..stat.IndexOf(' ', StringComparison.Ordinal)]), Number(words[1]), ticks);
        }

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
