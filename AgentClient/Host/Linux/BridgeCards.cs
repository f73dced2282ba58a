using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// The MAC of each bridge of ours: from the bridge's name and an id of this host that its state folder keeps, so that a
/// bridge which was made anew has the one of before, and two hosts on one wire have different ones. Left to itself a
/// bridge takes the lowest MAC among its ports: it changes as guests come and go, and for half a minute guests speak to
/// a gateway that is not there any more.
/// </summary>
internal sealed class BridgeCards(string file)
{
    private string? _host;

    /// <summary>Locally administered, and not of the 02: that guests have.</summary>
    public string Of(string bridge)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{_host ??= Host()}/{bridge}"));
        return "0e:" + string.Join(':', digest.Take(5).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }

    private string Host()
    {
        if (!File.Exists(file))
        {
            File.WriteAllText(file + ".new", Guid.NewGuid().ToString());
            File.Move(file + ".new", file, overwrite: true);
        }

        return File.ReadAllText(file);
    }
}
