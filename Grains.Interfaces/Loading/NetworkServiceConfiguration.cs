using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices.Loading;

/// <summary>One good line of the configuration file; lines count from 1.</summary>
public sealed record NetworkServiceLine(int Line, ServicePath Path);

/// <summary>Why a network service is not there; <paramref name="Line"/> 0 means the file as a whole.</summary>
public sealed record LoadFault(int Line, string Path, string Reason)
{
    public override string ToString() => Line == 0 ? $"{Path}: {Reason}" : $"line {Line}, {Path}: {Reason}";
}

/// <summary>
/// The network service configuration file (seed S51, S52): one module path a line; blank lines and lines that begin
/// with <c>#</c> are ignored, spaces around a path do not matter. A line that is no path, or repeats one, is a fault
/// of its own and disturbs no other.
/// </summary>
public sealed record NetworkServiceConfiguration(
    IReadOnlyList<NetworkServiceLine> Lines, IReadOnlyList<LoadFault> Faults)
{
    public static NetworkServiceConfiguration Parse(string text)
    {
        var lines = new List<NetworkServiceLine>();
        var faults = new List<LoadFault>();
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            string line = raw.Trim().TrimStart('\uFEFF').ToString();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (!ServicePath.TryParse(line, out ServicePath path))
            {
                faults.Add(new LoadFault(number, BodyText.Shown(line, 128), $"This is not {ServicePath.Accepts}."));
            }
            else if (lines.Find(l => l.Path == path || l.Path.ShortName == path.ShortName) is { } before)
            {
                faults.Add(new LoadFault(number, line, before.Path == path
                    ? $"It is listed already, on line {before.Line}."
                    : $"Its short name '{path.ShortName}' is taken by {before.Path} on line {before.Line}; "
                        + "URLs could not tell them apart."));
            }
            else
            {
                lines.Add(new NetworkServiceLine(number, path));
            }
        }

        return new NetworkServiceConfiguration(lines, faults);
    }

    /// <summary>Reads the file once (S98); a file that cannot be read is one fault and no lines.</summary>
    public static NetworkServiceConfiguration Read(string file)
    {
        try
        {
            return Parse(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new NetworkServiceConfiguration(
                [], [new LoadFault(0, file, $"The network service configuration file cannot be read: {e.Message}")]);
        }
    }
}
