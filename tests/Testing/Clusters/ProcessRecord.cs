using System.Globalization;

namespace NovaOrleans.Testing.Clusters;

/// <summary>
/// A process by its id and its start: the id alone may be somebody else's by the time one comes back. It is a line in a file, so
/// that another program than the one that started it can end it.
/// </summary>
/// <param name="Id">Its process id.</param>
/// <param name="Started">In ticks of the kernel since the machine's start, as /proc has it.</param>
public readonly record struct ProcessRecord(int Id, long Started)
{
    /// <summary>Still this process, and not only a zombie that nobody has waited for.</summary>
    public bool Runs => Look(Id) is { } now && now.Started == Started && now.State is not ('Z' or 'X');

    /// <summary>Null where no such process runs.</summary>
    public static ProcessRecord? Of(int id) => Look(id) is { } found ? new ProcessRecord(id, found.Started) : null;

    /// <summary>Null where the file is not there, or holds something else.</summary>
    public static ProcessRecord? Read(string file)
    {
        string[] words = File.Exists(file) ? File.ReadAllText(file).Split(' ', StringSplitOptions.TrimEntries) : [];
        return words.Length == 2
            && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long started)
                ? new ProcessRecord(id, started)
                : null;
    }

    public void Write(string file) => File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"{Id} {Started}\n"));

    private static (char State, long Started)? Look(int id)
    {
        try
        {
            // Its name comes in brackets and may hold anything; what counts comes after the last bracket.
            string line = File.ReadAllText($"/proc/{id}/stat");
            string[] words = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return (words[0][0], long.Parse(words[19], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
