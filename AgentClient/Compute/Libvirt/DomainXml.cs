using System.Xml.Linq;

namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>
/// A guest as libvirt's domain XML, and what is read from it. The devices of its NICs are put in as they were given.
/// Everything else is libvirt's own default for the host. Pure.
/// </summary>
internal static class DomainXml
{
    /// <summary>Domains of ours have it in their names, so that an operator sees whose they are.</summary>
    private const string Prefix = "nova-";

    /// <summary>Marks what is ours: an element with the instance's id and the folder of the driver that defined it.</summary>
    private static readonly XNamespace Ours = "urn:novaorleans:instance:1";

    /// <summary>
    /// The last twelve digits of an instance's id are random in every kind of UUID. The whole id is the domain's UUID.
    /// </summary>
    public static string NameOf(InstanceId instance) => Prefix + instance.Value.ToString("N")[^12..];

    public static bool IsOurs(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <param name="instance">Which guest.</param>
    /// <param name="machine">What it is.</param>
    /// <param name="virtualization">libvirt's domain type: <c>kvm</c> or <c>qemu</c>.</param>
    /// <param name="files">Where its files lie on this host.</param>
    /// <param name="devices">Its NICs, in their order.</param>
    public static string Of(
        InstanceSpec instance, MachineSpec machine, string virtualization, MachineFiles files,
        IReadOnlyList<GuestDevice> devices) => new XElement(
        "domain",
        new XAttribute("type", virtualization),
        new XElement("name", NameOf(instance.Id)),
        new XElement("uuid", instance.Id.Value),
        new XElement("metadata", new XElement(
            Ours + "instance", new XAttribute(XNamespace.Xmlns + "nova", Ours), new XAttribute("id", instance.Id.Value),
            new XAttribute("folder", files.Folder), new XAttribute("name", instance.Name),
            new XAttribute("project", instance.Project.Value))),
        new XElement("memory", new XAttribute("unit", "MiB"), machine.MemoryMib),
        new XElement("vcpu", machine.Vcpus),
        BootOf(files, machine.Image!),
        // Without ACPI a guest does not notice a device that comes or goes.
        new XElement("features", new XElement("acpi")),
        new XElement("on_poweroff", "destroy"),
        new XElement("on_reboot", "restart"),
        new XElement("on_crash", "destroy"),
        new XElement(
            "devices",
            DisksOf(files, machine.Image!),
            devices.Select(d => XElement.Parse(d.Xml)),
            new XElement(
                "serial",
                new XAttribute("type", "file"),
                new XElement("source", new XAttribute("path", files.Console), new XAttribute("append", "on")),
                new XElement("target", new XAttribute("port", 0))))).ToString();

    /// <summary>
    /// Whose it is and which NICs it has; null of a domain that the driver of this folder did not define.
    /// </summary>
    public static (InstanceId Instance, IReadOnlyList<string> Devices)? Read(string xml, string folder)
    {
        if (xml.Length == 0)
        {
            return null;
        }

        XElement domain = XElement.Parse(xml);
        XElement? mark = domain.Element("metadata")?.Element(Ours + "instance");
        if (!Guid.TryParse((string?)mark?.Attribute("id"), out Guid id) || (string?)mark?.Attribute("folder") != folder
            || (string?)domain.Element("uuid") != id.ToString())
        {
            return null;
        }

        return (new InstanceId(id), [.. domain.Elements("devices").Elements("interface").Select(IdOf).OfType<string>()]);
    }

    /// <summary>The device as the domain has it, with the place that libvirt gave it; null if it is not there.</summary>
    public static string? Find(string xml, string device) => xml.Length == 0 ? null : XElement.Parse(xml)
        .Elements("devices").Elements("interface").FirstOrDefault(e => IdOf(e) == device)?.ToString();

    /// <summary>The same device with its link up or down.</summary>
    public static string WithLink(string device, bool up)
    {
        XElement element = XElement.Parse(device);
        element.Element("link")?.Remove();
        element.Add(new XElement("link", new XAttribute("state", up ? "up" : "down")));
        return element.ToString();
    }

    private static string? IdOf(XElement device) =>
        ((string?)device.Element("mac")?.Attribute("address"))?.ToLowerInvariant();

    private static XElement BootOf(MachineFiles files, MachineImage image)
    {
        XElement os = new("os", new XElement("type", "hvm"));
        if (files.Kernel is null)
        {
            os.Add(new XElement("boot", new XAttribute("dev", "hd")));
            return os;
        }

        os.Add(new XElement("kernel", files.Kernel));
        os.Add(files.Initrd is null ? null : new XElement("initrd", files.Initrd));
        os.Add(image.CommandLine.Length == 0 ? null : new XElement("cmdline", image.CommandLine));
        return os;
    }

    private static IEnumerable<XElement> DisksOf(MachineFiles files, MachineImage image)
    {
        if (files.Disk is { } disk)
        {
            yield return new XElement(
                "disk", new XAttribute("type", "file"), new XAttribute("device", "disk"),
                new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", "qcow2")),
                new XElement("source", new XAttribute("file", disk)),
                new XElement(
                    "backingStore", new XAttribute("type", "file"),
                    new XElement("format", new XAttribute("type", image.DiskFormat)),
                    new XElement("source", new XAttribute("file", files.BackingDisk!)),
                    new XElement("backingStore")),
                new XElement("target", new XAttribute("dev", "vda"), new XAttribute("bus", "virtio")));
        }

        if (files.Drive is { } drive)
        {
            yield return new XElement(
                "disk", new XAttribute("type", "file"), new XAttribute("device", "cdrom"),
                new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", "raw")),
                new XElement("source", new XAttribute("file", drive)),
                new XElement("target", new XAttribute("dev", "sda"), new XAttribute("bus", "sata")),
                new XElement("readonly"));
        }
    }
}

/// <summary>Full paths on this host.</summary>
internal sealed record MachineFiles(string Folder, string Console)
{
    public string? Kernel { get; init; }
    public string? Initrd { get; init; }
    public string? Disk { get; init; }
    public string? BackingDisk { get; init; }
    public string? Drive { get; init; }
}
