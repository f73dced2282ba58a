using System.Text.Json.Nodes;

namespace NovaOrleans.Demo;

/// <summary>Named network namespaces, looked at from outside.</summary>
internal static class Spaces
{
    private const string Folder = "/run/netns";

    public static IReadOnlyList<string> All() =>
        Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)!)] : [];

    public static async Task<JsonArray> Links(string space) =>
        JsonNode.Parse(await Tool.Run("ip", "-n", space, "-j", "address", "show"))!.AsArray();

    /// <summary>The ids of processes in these namespaces.</summary>
    public static async Task<IReadOnlyList<int>> Processes(IReadOnlyList<string> spaces)
    {
        // A name in /run/netns is a mount of the namespace's file: its inode is what /proc shows as net:[inode].
        var inodes = new HashSet<string>();
        foreach (string space in spaces.Where(All().Contains))
        {
            inodes.Add((await Tool.Run("stat", "-c", "net:[%i]", Path.Combine(Folder, space))).Trim());
        }

        return [.. Directory.GetDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), out int id) ? id : 0)
            .Where(id => id > 0 && NamespaceOf(id) is { } inode && inodes.Contains(inode))];
    }

    public static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ').Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string? NamespaceOf(int process)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{process}/ns/net", false)?.Name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
