using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Conformance;

/// <summary>A plug-in's folder, copied to where an operator would have it, so that the product's own loader loads it.</summary>
public sealed class PlugIn : IDisposable
{
    private readonly string _root;

    private PlugIn(string root, ServicePath path, ConformanceFile script) => (_root, Path, Script) = (root, path, script);

    public ServicePath Path { get; }
    public ConformanceFile Script { get; }

    /// <summary>Where its files are.</summary>
    public string Folder => System.IO.Path.Combine(_root, Path.Value);

    /// <param name="folder">With the plug-in's assembly, and <c>conformance.json</c> where it has one.</param>
    /// <param name="modulePath">Null where the file or the folder's name says it.</param>
    /// <exception cref="FormatException">There is no such folder, or nothing says the module path.</exception>
    public static PlugIn In(string folder, string? modulePath = null)
    {
        folder = System.IO.Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
        {
            throw new FormatException($"There is no folder {folder}.");
        }

        ConformanceFile script = ConformanceFile.Read(folder);
        string named = modulePath ?? script.Path ?? System.IO.Path.GetFileName(folder.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        if (!ServicePath.TryParse(named, out ServicePath path))
        {
            throw new FormatException($"'{named}' is not {ServicePath.Accepts}: give it as --path, or as 'path' in {ConformanceFile.FileName}.");
        }

        string root = Directory.CreateTempSubdirectory("nova-conformance-").FullName;
        var plugIn = new PlugIn(root, path, script);
        Copy(new DirectoryInfo(folder), plugIn.Folder);
        File.WriteAllText(System.IO.Path.Combine(root, "nova-network.conf"), path.Value + "\n");
        return plugIn;
    }

    /// <summary>One that another process copied, and will remove.</summary>
    /// <param name="folder">That process's <see cref="Folder"/>.</param>
    internal static PlugIn Copied(string folder) => new(
        System.IO.Path.GetDirectoryName(folder)!, ServicePath.Parse(System.IO.Path.GetFileName(folder)), ConformanceFile.Read(folder));

    /// <summary>Loads it into a world of its own, each time anew: as another process would have it.</summary>
    public LoadedNetworkServices Load() => NetworkServiceLoader.Load(System.IO.Path.Combine(_root, "nova-network.conf"), _root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileInfo file in from.EnumerateFiles())
        {
            file.CopyTo(System.IO.Path.Combine(to, file.Name));
        }

        foreach (DirectoryInfo inner in from.EnumerateDirectories())
        {
            Copy(inner, System.IO.Path.Combine(to, inner.Name));
        }
    }
}
