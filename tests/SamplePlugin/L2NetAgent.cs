using System.Xml.Linq;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.SamplePlugin;

/// <summary>A port on the network's bridge, and a guard that knows the MAC alone.</summary>
internal sealed class L2NetAgent(IHostLink link) : INetAgent
{
    public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => link.BindVnicsToPorts(vnics);
    public Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilVerified(vnics);
    public Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilGone(vnics);
    public bool RequiresFileInjection(HostBinding binding) => false;

    public string GetInterfaceXml(HostBinding binding) => new XElement(
        "interface",
        new XAttribute("type", "bridge"),
        new XElement("mac", new XAttribute("address", binding.Info.MacAddress)),
        new XElement("source", new XAttribute("bridge", BridgeOf(binding))),
        new XElement("target", new XAttribute("dev", GuestPort.NameOf(binding.Vnic)))).ToString();

    public HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
    {
        HostBinding[] placed = [.. bindings.Where(b => b.Network is not null).OrderBy(b => b.Vnic.Value)];
        return new HostFragment
        {
            Bridges = [.. placed.Select(b => new Bridge(BridgeOf(b), b.Network!.Mtu, null, [])).Distinct()],
            Ports =
            [
                .. placed.Select(b => new GuestPort(
                    GuestPort.NameOf(b.Vnic), b.Vnic, b.Instance, b.NicIndex, BridgeOf(b), b.Info.MacAddress, b.Network!.Mtu)),
            ],
            Guards = [.. placed.Select(b => new PortGuard(GuestPort.NameOf(b.Vnic), b.Info.MacAddress, [], []))],
        };
    }

    private static string BridgeOf(HostBinding binding) =>
        binding.Network?.Bridge ?? throw new ArgumentException($"VNIC {binding.Vnic} has no bridge.", nameof(binding));
}
