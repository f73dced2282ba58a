using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Compute.Libvirt;
using NovaOrleans.Agent.Host;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Flat;
using NovaOrleans.NetworkServices.FlatDhcp;
using NovaOrleans.Outcomes;
using NovaOrleans.Testing;

namespace NovaOrleans.LibvirtTests;

/// <summary>What is handed to libvirt and to guests, judged by the tools that know these forms.</summary>
[Trait("tier", "kernel")]
public sealed class FormTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nova-form-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("seed", "S92"), Trait("seed", "S142")]
    public async Task A_domain_with_the_net_agents_interfaces_is_valid_by_libvirts_schema()
    {
        Vm dhcp = new(1);
        Vm flat = new(2) { Service = Vm.Flat };
        INetAgent[] agents = [new FlatDhcpNetworkService().GetNetAgent(null!), new FlatNetworkService().GetNetAgent(null!)];
        GuestDevice[] nics =
        [
            new(dhcp.Mac().ToString(), agents[0].GetInterfaceXml(dhcp.Binding())),
            new(flat.Mac().ToString(), agents[1].GetInterfaceXml(flat.Binding())),
        ];
        InstanceSpec odd = dhcp.Spec with { Name = "web & <co>" };
        foreach (MachineFiles files in new MachineFiles[]
        {
            new("/a", "/console") { Kernel = "/kernel", Initrd = "/initrd" },
            new("/a", "/console") { Disk = "/disk", BackingDisk = "/image", Drive = "/drive" },
        })
        {
            string file = Path.Combine(_folder, "domain.xml");
            string xml = DomainXml.Of(odd, dhcp.Spec.Machine!, "qemu", files, nics);
            await File.WriteAllTextAsync(file, xml);
            await Netns.Tool("virt-xml-validate", file, "domain");
            Assert.Equal(
                (dhcp.Id, $"{dhcp.Mac()} {flat.Mac()}"),
                DomainXml.Read(xml, "/a") is { } read ? (read.Instance, string.Join(' ', read.Devices)) : default);
            Assert.Null(DomainXml.Read(xml, "/b"));
        }
    }

    [Fact]
    public async Task Injected_files_are_an_archive_that_cpio_unpacks()
    {
        string archive = Path.Combine(_folder, "archive");
        await File.WriteAllBytesAsync(archive, CpioArchive.Of(new Dictionary<string, string>
        {
            ["/etc/network/interfaces"] = "auto lo\n",
            ["/etc/motd"] = "odd: ä",
            ["/top"] = "",
        }));
        await Netns.Tool("cpio", "-i", "--quiet", "-D", _folder, "-F", archive);
        Assert.Equal("auto lo\n", await File.ReadAllTextAsync(Path.Combine(_folder, "etc/network/interfaces")));
        Assert.Equal("odd: ä", await File.ReadAllTextAsync(Path.Combine(_folder, "etc/motd")));
        Assert.Equal("", await File.ReadAllTextAsync(Path.Combine(_folder, "top")));
    }

    [Fact]
    public async Task A_machine_with_a_disk_gets_a_copy_on_write_one_and_a_drive_that_says_who_it_is()
    {
        await Netns.Tool("qemu-img", "create", "-q", "-f", "raw", Path.Combine(_folder, "base.raw"), "8M");
        LibvirtOptions options = new("test:///default", "qemu", _folder, Path.Combine(_folder, "guests"));
        GuestFolder folder = new(options.Folder, new Vm(1).Id);
        folder.Make();
        MachineImage image = Vm.Image with { Kernel = null, Initrd = null, Disk = "base.raw", DiskFormat = "raw", DriveLabel = "cidata" };
        Dictionary<string, string> drive = new() { ["openstack/latest/meta_data.json"] = "{}", ["meta-data"] = "instance-id: i\n" };
        MachineFiles files = await new GuestFiles(options, new LinuxGuestMedia(new ProcessRunner()))
            .Prepare(folder, image, GuestBoot.Empty with { Drive = drive }, CancellationToken.None);

        Assert.Contains("backing file: " + files.BackingDisk, await Netns.Tool("qemu-img", "info", files.Disk!), StringComparison.Ordinal);
        Assert.Contains("Volume id: cidata", await Netns.Tool("isoinfo", "-d", "-i", files.Drive!), StringComparison.Ordinal);
        Assert.Equal("{}", await Netns.Tool("isoinfo", "-R", "-i", files.Drive!, "-x", "/openstack/latest/meta_data.json"));
        Assert.Equal("instance-id: i\n", await Netns.Tool("isoinfo", "-R", "-i", files.Drive!, "-x", "/meta-data"));
    }

    [Fact]
    public void Libvirts_answers_are_told_apart()
    {
        using LibvirtConnection connection = LibvirtConnection.Open("test:///default", () => { });
        Assert.True(connection.IsAlive);
        Assert.Null(connection.Find(Guid.NewGuid()));
        LibvirtException bad = Assert.Throws<LibvirtException>(() => connection.Define("<domain type='test'><name>x</name></domain>"));
        Assert.Equal((LibvirtError.XmlError, false), (bad.Error, bad.MayRetry));
        Assert.Throws<LibvirtException>(() => connection.Define("no xml"));
        using LibvirtDomain first = connection.List().Single();
        Assert.Equal(("test", true), (first.Name, first.IsActive));
        first.Destroy();
        first.Destroy();
        Assert.False(first.IsActive);
        first.Undefine();
        first.Undefine();
        Assert.Equal("", first.Xml());
        Assert.Empty(connection.List());
    }

    [Fact]
    public async Task A_libvirtd_that_is_not_there_is_a_fault_that_may_pass()
    {
        using LibvirtDriver driver = new(
            new LibvirtOptions("qemu:///system?socket=/no/such/socket", "qemu", _folder, _folder),
            new LinuxGuestMedia(new ProcessRunner()), TimeProvider.System);
        OperatingFaultException fault =
            await Assert.ThrowsAsync<OperatingFaultException>(() => driver.List(CancellationToken.None));
        Assert.True(fault.MayRetry);
        Assert.Contains("/no/such/socket", fault.Message, StringComparison.Ordinal);
    }
}
