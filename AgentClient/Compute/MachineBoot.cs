namespace NovaOrleans.Agent.Compute;

/// <summary>The machine's present boot: what was started in an earlier one ended with it, and by nobody's will.</summary>
internal static class MachineBoot
{
    public static string Id => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
