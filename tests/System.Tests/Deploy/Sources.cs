using System.Text.RegularExpressions;

namespace NovaOrleans.Systems.Deploy;

/// <summary>The repository's own files, to hold what is deployed against what is programmed.</summary>
internal static class Sources
{
    private static readonly string s_root = Root();

    /// <summary>Where a program reads its options.</summary>
    private static readonly Dictionary<string, string[]> s_readers = new()
    {
        ["Silo"] = ["Silo", "Api/Operations", "Grains.Interfaces/Loading", "Grains.Interfaces/Connections"],
        ["Api"] = ["Api", "Grains.Interfaces/Loading", "Grains.Interfaces/Connections"],
        ["AgentClient"] = ["AgentClient", "Grains.Interfaces/Connections"],
    };

    public static string Path(string path) => System.IO.Path.Combine(s_root, path);

    public static string Text(string path) => File.ReadAllText(Path(path));

    public static string[] Files(string folder, string pattern) =>
        [.. Directory.GetFiles(Path(folder), pattern).Order(StringComparer.Ordinal)];

    /// <summary>Whether the program reads the option: as a flag of a command line, or by its name in the settings.</summary>
    public static bool HasOption(string program, string option)
    {
        string name = option.TrimStart('-');
        // What ASP.NET reads itself.
        if (program == "Api" && name == "urls")
        {
            return true;
        }

        Regex read = new($"\"(--)?{Regex.Escape(name)}\"", RegexOptions.CultureInvariant);
        return s_readers[program]
            .SelectMany(f => Directory.GetFiles(Path(f), "*.cs", SearchOption.AllDirectories))
            .Any(f => read.IsMatch(File.ReadAllText(f)));
    }

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "NovaOrleans.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
