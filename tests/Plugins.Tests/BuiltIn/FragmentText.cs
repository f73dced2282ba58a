using System.Text;
using NovaOrleans.NetworkServices.Host;

namespace NovaOrleans.BuiltIn;

/// <summary>A fragment as lines, in its own order, so that a golden reads like a description.</summary>
internal static class FragmentText
{
    public static string Of(HostFragment fragment)
    {
        var text = new StringBuilder();
        foreach (VlanLink v in fragment.VlanLinks)
        {
            text.Append($"vlan {v.Name} on {v.Parent} tag {v.Tag} mtu {v.Mtu}\n");
        }

        foreach (VxlanLink v in fragment.VxlanLinks)
        {
            text.Append($"vxlan {v.Name} vni {v.Vni} local {v.Local} port {v.UdpPort} mtu {v.Mtu}\n")
                .AppendJoin("", v.Forwarding.Select(f => $"  {f}\n"));
        }

        foreach (Bridge b in fragment.Bridges)
        {
            string addresses = b.Addresses.Count == 0 ? "none" : string.Join(' ', b.Addresses);
            text.Append($"bridge {b.Name} mtu {b.Mtu} uplink {b.Uplink ?? "none"} addresses {addresses}\n");
        }

        foreach (GuestPort p in fragment.Ports)
        {
            text.Append($"port {p.Name} on {p.Bridge} nic {p.NicIndex} {p.Mac} mtu {p.Mtu}\n");
        }

        foreach (PortGuard g in fragment.Guards)
        {
            IEnumerable<string> addresses =
                g.Addresses.Select(a => a.ToString()).Concat(g.AddressesV6.Select(a => a.ToString()));
            text.Append($"guard {g.Port} {g.Mac} {string.Join(' ', addresses)}\n");
        }

        foreach (DhcpScope s in fragment.DhcpScopes)
        {
            text.Append($"dhcp {s.Bridge} {s.Cidr} server {s.Server} router {s.Router} ")
                .Append($"dns {string.Join(' ', s.DnsServers)} mtu {s.Mtu} lease {s.LeaseSeconds}\n");
            foreach (DhcpHost h in s.Hosts)
            {
                text.Append($"  {h.Mac} {h.Address} {h.Name}\n");
            }
        }

        return text.ToString().TrimEnd();
    }
}
