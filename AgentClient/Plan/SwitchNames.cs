using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Agent;

/// <summary>
/// What our objects in Open vSwitch are called. They follow from the names of links alone, so that they are the same
/// after any restart; what is too long for a link is shortened to a digest of itself.
/// </summary>
public static class SwitchNames
{
    private const string BridgePrefix = "nvs-";
    private const string EndPrefix = "nvp-";

    /// <summary>IFNAMSIZ.</summary>
    private const int LongestName = 15;

    /// <summary>The Open vSwitch bridge that carries VLANs over this uplink.</summary>
    public static string BridgeOf(string uplink) => Fit(BridgePrefix, uplink);

    /// <summary>The switch's end of the patch whose other end is this link.</summary>
    public static string EndOf(string link) => Fit(EndPrefix, link);

    /// <summary>Whether a link of ours is the switch's end of a patch.</summary>
    public static bool IsEnd(string? link) => link is not null && link.StartsWith(EndPrefix, StringComparison.Ordinal);

    private static string Fit(string prefix, string name)
    {
        int room = LongestName - prefix.Length;
        return prefix + (name.Length <= room
            ? name
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..room]);
    }
}
