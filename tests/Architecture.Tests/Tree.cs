using System.Runtime.CompilerServices;

namespace NovaOrleans.Architecture;

/// <summary>The source tree that these tests were compiled from, as paths relative to its root with '/'.</summary>
internal static class Tree
{
    private static readonly string[] NotOurs = [".git", "artifacts", "bin", "obj", ".vs", ".idea", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the project, generated ones left out.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> CSharp(string folder) => Files.Where(
        f => f.EndsWith(".cs", StringComparison.Ordinal) && f.StartsWith(folder + "/", StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) =>
        File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            if (Path.GetFileName(file) != ".git")
            {
                yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
            }
        }

        foreach (string inner in Directory.EnumerateDirectories(folder))
        {
            if (!NotOurs.Contains(Path.GetFileName(inner)))
            {
                foreach (string file in Walk(inner))
                {
                    yield return file;
                }
            }
        }
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        foreach (string start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(here)! })
        {
            for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "NovaOrleans.sln")))
                {
                    return folder;
                }
            }
        }

        throw new InvalidOperationException("NovaOrleans.sln is in no folder above these tests");
    }
}
