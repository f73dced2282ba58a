using System.Xml;
using System.Xml.Linq;

namespace NovaOrleans.Agent;

/// <summary>
/// The NICs of guests as a hypervisor takes them: the XML that each net-agent gives (seed S92), passed on as it is. But
/// the host guards a port by its name and a guest by its MAC, so XML that names others is refused here.
/// </summary>
public sealed class NicDevices
{
    /// <summary>In characters; an interface takes a few hundred.</summary>
    private const int LongestXml = 64 * 1024;

    private readonly Dictionary<VnicId, (GuestDevice Device, bool OwnTap)> _devices = [];

    public static NicDevices None { get; } = new();

    /// <summary>What a net-agent cannot give, or gives wrong, is a fault of that VNIC.</summary>
    public static NicDevices Of(
        IEnumerable<BoundVnic> wanted, IReadOnlyDictionary<ServicePath, INetAgent> agents, Action<VnicId, string> fault)
    {
        NicDevices devices = new();
        foreach (HostBinding nic in wanted.Select(b => b.Binding).Where(n => n.Network is not null))
        {
            if (agents.TryGetValue(nic.Service, out INetAgent? agent))
            {
                devices.Add(nic, agent, fault);
            }
        }

        return devices;
    }

    /// <summary>Those of these NICs, in their order.</summary>
    public IReadOnlyList<GuestDevice> Of(IEnumerable<HostBinding> nics) =>
        [.. nics.OrderBy(n => n.NicIndex).Where(n => _devices.ContainsKey(n.Vnic)).Select(n => _devices[n.Vnic].Device)];

    /// <summary>
    /// An interface of type <c>ethernet</c> is a tap of the agent's own, which is guarded before it exists; any other is
    /// made by the hypervisor.
    /// </summary>
    public GuestAttachment Place(VnicId vnic, GuestAttachment usual) =>
        usual is OpenedByHypervisor && _devices.TryGetValue(vnic, out var device) && !device.OwnTap
            ? MadeByHypervisor.Instance : usual;

    private void Add(HostBinding nic, INetAgent agent, Action<VnicId, string> fault)
    {
        try
        {
            string xml = agent.GetInterfaceXml(nic);
            if (xml.Length > LongestXml)
            {
                fault(nic.Vnic, $"{nic.Service} gave interface XML of {xml.Length} characters; accepted are {LongestXml}");
                return;
            }

            XElement element = XElement.Parse(xml);
            string mac = nic.Info.MacAddress.ToString();
            string port = GuestPort.NameOf(nic.Vnic);
            if (element.Name != "interface"
                || !string.Equals((string?)element.Element("mac")?.Attribute("address"), mac, StringComparison.OrdinalIgnoreCase)
                || (string?)element.Element("target")?.Attribute("dev") != port)
            {
                fault(nic.Vnic, $"{nic.Service} gave XML that is no <interface> with MAC {mac} and target {port}");
                return;
            }

            _devices[nic.Vnic] = (new GuestDevice(mac, xml), (string?)element.Attribute("type") == "ethernet");
        }
        catch (XmlException e)
        {
            fault(nic.Vnic, $"{nic.Service} gave interface XML that cannot be read: {e.Message}");
        }
        catch (Exception e)
        {
            // A third party's code: whatever it throws is its bindings' fault, never the host's.
            fault(nic.Vnic, $"{nic.Service} could not give the interface's XML: {e.Message}");
        }
    }
}
