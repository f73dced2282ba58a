using NovaOrleans.Agent.Leases;

namespace NovaOrleans.Agent.Host;

/// <summary>The files of the DHCP servers, a folder a network. Ours but for the leases and the pid, which dnsmasq writes.</summary>
internal sealed class DnsmasqFiles(string folder)
{
    private const UnixFileMode ReadByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode EnteredByAll = ReadByAll
        | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public IEnumerable<string> Networks =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(p => Path.GetFileName(p)) : [];

    public string Place(string network) => Path.Combine(folder, network);

    public string Place(string network, string file) => Path.Combine(folder, network, file);

    public string Configuration(string network) => TextOf(Place(network, "conf"));

    /// <summary>Every line about single hosts, as it was last written.</summary>
    public ImmutableSortedSet<string> HostLines(string network) => ImmutableSortedSet.CreateRange(
        StringComparer.Ordinal,
        (TextOf(Place(network, "hosts")) + TextOf(Place(network, "names")))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries));

    public string[] LeaseLines(string network) =>
        TextOf(Place(network, "leases")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<DhcpLease> Leases(string network) => LeaseFile.Parse(TextOf(Place(network, "leases")));

    public async Task Write(string network, DhcpScope scope, CancellationToken stop)
    {
        Directory.CreateDirectory(Place(network));
        Open(Place(network), EnteredByAll);
        Open(folder, EnteredByAll);
        await Replace(Place(network, "conf"), DhcpText.Configuration(scope), stop);
        await WriteHosts(network, scope, stop);
    }

    public async Task WriteHosts(string network, DhcpScope scope, CancellationToken stop)
    {
        ILookup<bool, string> lines = DhcpText.HostLines(scope).ToLookup(DhcpText.IsNameLine, l => l + "\n");
        await Replace(Place(network, "hosts"), string.Concat(lines[false]), stop);
        await Replace(Place(network, "names"), string.Concat(lines[true]), stop);
    }

    public Task WriteLeases(string network, IEnumerable<string> lines, CancellationToken stop) =>
        Replace(Place(network, "leases"), string.Concat(lines.Select(l => l + "\n")), stop);

    public void Delete(string network)
    {
        if (Directory.Exists(Place(network)))
        {
            Directory.Delete(Place(network), recursive: true);
        }
    }

    private static async Task Replace(string path, string text, CancellationToken stop)
    {
        await File.WriteAllTextAsync(path + ".new", text, stop);
        Open(path + ".new", ReadByAll);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Whatever the umask is: the server reads them when it is no longer root.</summary>
    private static void Open(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }
}
