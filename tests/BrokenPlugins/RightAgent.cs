using System.Xml.Linq;

namespace NovaOrleans.BrokenPlugins;

/// <summary>A bridge a room, and guarded ports on it.</summary>
internal class RightAgent(IHostLink link) : INetAgent
{
    public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => link.BindVnicsToPorts(vnics);
    public virtual Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilVerified(vnics);
    public virtual Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilGone(vnics);
    public virtual bool RequiresFileInjection(HostBinding binding) => false;

    public string GetInterfaceXml(HostBinding binding) => new XElement(
        "interface",
        new XAttribute("type", "ethernet"),
        new XElement("mac", new XAttribute("address", binding.Info.MacAddress)),
        new XElement("target", new XAttribute("dev", GuestPort.NameOf(binding.Vnic)), new XAttribute("managed", "no"))).ToString();

    public virtual HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
    {
        HostBinding[] placed = [.. bindings.Where(b => b.Network?.Bridge is not null).OrderBy(b => b.Vnic.Value)];
        return new HostFragment
        {
            Bridges = [.. placed.Select(b => new Bridge(b.Network!.Bridge!, b.Network.Mtu, null, [])).Distinct()],
            Ports =
            [
                .. placed.Select(b => new GuestPort(
                    GuestPort.NameOf(b.Vnic), b.Vnic, b.Instance, b.NicIndex, b.Network!.Bridge!, b.Info.MacAddress, b.Network.Mtu)),
            ],
            Guards =
            [
                .. placed.Select(b => new PortGuard(
                    GuestPort.NameOf(b.Vnic), b.Info.MacAddress, b.Info.IpAddress is { } address ? [address] : [], [])
                {
                    SecurityGroups = b.SecurityGroups,
                }),
            ],
        };
    }
}
