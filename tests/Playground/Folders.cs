namespace NovaOrleans.Playground;

internal static class Folders
{
    /// <summary>Beside the embedded server's data folder, and as long-lived.</summary>
    public static string Usual => Environment.GetEnvironmentVariable("NOVA_CLUSTER_DIR") is { Length: > 0 } given ? given
        : Environment.IsPrivilegedProcess && OperatingSystem.IsLinux() ? "/var/lib/nova-cluster"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "nova-cluster");
}
