namespace NovaOrleans.Agent.Host;

/// <summary>
/// Whom a server runs as. It reads its hosts again at a SIGHUP, long after it has given root away, so it may only be somebody
/// else where everybody may reach its folder; there it keeps the three capabilities that it needs and nothing more.
/// </summary>
internal static class DnsmasqUser
{
    private const string Root = "root";
    private const string Nobody = "nobody";

    /// <summary>Made by Debian's package.</summary>
    private const string Own = "dnsmasq";

    public static string For(string folder) =>
        !OperatingSystem.IsWindows() && IsReachable(new DirectoryInfo(folder)) ? Known(Own) ?? Known(Nobody) ?? Root : Root;

    private static string? Known(string user) =>
        File.ReadLines("/etc/passwd").Any(l => l.StartsWith(user + ":", StringComparison.Ordinal)) ? user : null;

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool IsReachable(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
        {
            if (!folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
