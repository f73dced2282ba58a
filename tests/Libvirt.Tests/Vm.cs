using System.Globalization;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.LibvirtTests;

/// <summary>
/// Machine number n of these tests, as the core would tell a host of it: its first NIC is on network <see cref="FirstNetwork"/>, the
/// next one on the network after it; on network m it has the address 10.m.0.(10+n).
/// </summary>
internal sealed record Vm(int Number)
{
    public static readonly ServicePath FlatDhcp = ServicePath.Parse("nova.network.flat_dhcp");
    public static readonly ServicePath Flat = ServicePath.Parse("nova.network.flat");
    public static readonly ServicePath L2 = ServicePath.Parse("sample.network.l2");
    private static readonly ProjectId Project = ProjectId.Parse("demo");

    public static MachineImage Image { get; } = new(
        "tiny", "vmlinuz", "initrd", "console=ttyS0 quiet panic=-1 random.trust_cpu=on tsc=reliable", null, "qcow2", "config-2");

    /// <summary>How many of its NICs it has at the moment.</summary>
    public int Nics { get; init; } = 1;

    public ServicePath Service { get; init; } = FlatDhcp;

    /// <summary>Networks of different services are different ones.</summary>
    public int FirstNetwork => Service == FlatDhcp ? 1 : Service == Flat ? 11 : 21;

    /// <summary>The host's link that carries the network, where it is more than the host's own.</summary>
    public string? Uplink { get; init; }

    public long Generation { get; init; } = 1;

    public IReadOnlyList<SecurityGroupId> Groups { get; init; } = [];

    public MachineImage? BootsFrom { get; init; } = Image;

    public InstanceId Id => new(Uuid(2, 0));

    public VnicId Vnic(int nic = 0) => new(Uuid(1, nic));

    public string Port(int nic = 0) => GuestPort.NameOf(Vnic(nic));

    public MacAddress Mac(int nic = 0) => MacAddress.Parse($"02:00:00:00:{nic:x2}:{Number:x2}");

    public Ip4Address Address(int nic = 0) => Ip4Address.Parse($"10.{FirstNetwork + nic}.0.{Number + 10}");

    public InstanceSpec Spec => new(Id, $"vm{Number}", Project, [.. Enumerable.Range(0, Nics).Select(Vnic)])
    {
        Machine = new MachineSpec(128, 1, BootsFrom),
    };

    public HostBinding Binding(int nic = 0)
    {
        int network = FirstNetwork + nic;
        Ip4Address gateway = Ip4Address.Parse($"10.{network}.0.1");
        bool dhcp = Service == FlatDhcp;
        NetworkFacts facts = new(
            new NetworkId(new Guid(network, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9)), $"net{network}", $"br{network}", Uplink, null, 1400, "nft",
            dhcp ? "dnsmasq" : "none", Injected: !dhcp, new Dictionary<string, string>());
        NetworkInfo info = Service == L2 ? new NetworkInfo(Mac(nic)) : new NetworkInfo(
            Mac(nic), Address(nic), Cidr4.Parse($"10.{network}.0.0/24"), Ip4Address.Parse("255.255.255.0"), gateway,
            Ip4Address.Parse($"10.{network}.0.255"), dhcp ? gateway : null, gateway.ToString());
        return new HostBinding(Vnic(nic), Id, nic, Generation, Service, Project, Spec.Name, facts, info) { SecurityGroups = Groups };
    }

    private Guid Uuid(short kind, int nic) => new(
        0x5EED, kind, 7, 1, 2, 3, 4, 5, (byte)kind, (byte)nic, byte.Parse($"{Number}", CultureInfo.InvariantCulture));
}
