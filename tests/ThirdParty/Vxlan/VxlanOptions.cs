using Microsoft.Extensions.Configuration;
using NovaOrleans.NetworkServices.Host;

namespace Vxlan;

/// <summary>
/// The operator's words, in the configuration section <c>NetworkServices:vxlan</c>. <paramref name="UnderlayMtu"/>: what passes between
/// the hosts in one piece; <paramref name="FirstVni"/> and <paramref name="LastVni"/>: what may be chosen for segments.
/// </summary>
public sealed record VxlanOptions(int UnderlayMtu, int FirstVni, int LastVni)
{
    private const int LeastMtu = 68;

    /// <summary>The largest frame that a guest may send: what carries it costs the rest.</summary>
    public int LargestMtu => UnderlayMtu - VxlanLink.Overhead;

    /// <exception cref="FormatException">An option has no value that it can have.</exception>
    public static VxlanOptions From(IConfiguration section)
    {
        var options = new VxlanOptions(
            Number(section, "underlay_mtu", 1500, LeastMtu + VxlanLink.Overhead, 65_535),
            Number(section, "first_vni", 4096, Vni.Lowest, Vni.Highest),
            Number(section, "last_vni", Vni.Highest, Vni.Lowest, Vni.Highest));
        return options.FirstVni <= options.LastVni
            ? options
            : throw new FormatException($"first_vni {options.FirstVni} is above last_vni {options.LastVni}");
    }

    private static int Number(IConfiguration section, string name, int usual, int least, int most) =>
        section[name] is not { } text ? usual
        : int.TryParse(text, out int number) && number >= least && number <= most ? number
        : throw new FormatException($"{name} was '{text}'; accepted is a whole number from {least} to {most}");
}
