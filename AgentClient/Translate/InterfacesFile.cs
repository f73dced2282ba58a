using System.Text;

namespace NovaOrleans.Agent;

/// <summary>
/// A Debian guest's <c>/etc/network/interfaces</c> (interfaces(5)), built from nothing but its NICs' network info
/// (seed S140). A NIC without an address is brought up without one; its number still counts. One with a DHCP server
/// asks it. Pure.
/// </summary>
public static class InterfacesFile
{
    public const string Path = "/etc/network/interfaces";

    /// <summary><paramref name="nics"/>: NIC number to what its network agent says of it.</summary>
    public static string Of(IReadOnlyDictionary<int, NetworkInfo> nics)
    {
        StringBuilder text = new("auto lo\niface lo inet loopback\n");
        foreach ((int index, NetworkInfo info) in nics.OrderBy(n => n.Key))
        {
            string nic = string.Create(CultureInfo.InvariantCulture, $"eth{index}");
            text.Append(CultureInfo.InvariantCulture, $"\nauto {nic}\n");
            if (info.IpAddress is not null && info.DhcpServer is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"iface {nic} inet dhcp\n");
            }
            else if (info.IpAddress is { } address)
            {
                text.Append(CultureInfo.InvariantCulture, $"iface {nic} inet static\n");
                Line("address", address);
                Line("netmask", info.Netmask ?? info.Cidr?.Netmask);
                Line("broadcast", info.Broadcast);
                Line("gateway", info.Gateway);
                Line("dns-nameservers", info.Dns);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"iface {nic} inet manual\n");
            }

            if (info.AddressV6 is { } address6)
            {
                text.Append(CultureInfo.InvariantCulture, $"iface {nic} inet6 static\n");
                Line("address", address6);
                Line("netmask", info.NetmaskV6 ?? info.CidrV6?.Length);
                Line("gateway", info.GatewayV6);
            }
        }

        return text.ToString();

        void Line(string word, object? value)
        {
            if (value is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {word} {value}\n");
            }
        }
    }
}
