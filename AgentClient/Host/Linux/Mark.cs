using System.Text.RegularExpressions;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// How a link shows that an agent made it: an alias for people, and a link group that is there from its first moment,
/// so that a crash in between leaves nothing unmarked.
/// </summary>
internal static partial class Mark
{
    public const string Alias = "nova";

    /// <summary>"nv" in ASCII.</summary>
    public const string Group = "28278";

    /// <summary>An IPv4 address has a label, which begins with its link's name: ours end with this.</summary>
    public const string AddressSuffix = ":nv";

    /// <summary>Links on their way out, to be deleted by group: one by one costs the kernel 18 ms each.</summary>
    public const string LeavingGroup = "28279";

    /// <summary>A tap cannot be made in a group: its name speaks for it.</summary>
    public static bool IsOurs(string name, LinkKind kind, string? alias, string? group) =>
        alias == Alias || group is Group or LeavingGroup || (kind == LinkKind.Tap && PortName().IsMatch(name));

    [GeneratedRegex("^nv[0-9a-f]{12}$")]
    private static partial Regex PortName();
}
