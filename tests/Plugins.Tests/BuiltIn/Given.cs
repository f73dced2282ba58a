using NovaOrleans.NetworkServices;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.BuiltIn;

/// <summary>Bindings as a host is told of them; the same numbers always give the same ids.</summary>
internal static class Given
{
    public static ProjectId Blue { get; } = ProjectId.Parse("blue");

    public static NetworkId Network(int number) => new(Id(0xA, number));
    public static VnicId Vnic(int number) => new(Id(0xB, number));
    public static InstanceId Instance(int number) => new(Id(0xC, number));
    public static MacAddress Mac(int number) => MacAddress.Parse($"02:00:00:00:00:{number:x2}");

    public static NetworkFacts Facts(int network = 1) => new(
        Network(network), "net", "br" + network, null, null, 1500, "nft", "none", false,
        new Dictionary<string, string>());

    public static NetworkInfo Info(int number, string cidr = "10.0.0.0/24")
    {
        Cidr4 range = Cidr4.Parse(cidr);
        return new NetworkInfo(
            Mac(number), range.Network + (uint)number, range, range.Netmask, range.Network + 1, range.Broadcast);
    }

    public static NetworkInfo WithDhcp(this NetworkInfo info) =>
        info with { DhcpServer = info.Gateway, Dns = "9.9.9.9" };

    public static HostBinding Binding(
        int number, string service, NetworkFacts? facts = null, NetworkInfo? info = null) => new(
        Vnic(number), Instance(number), 0, 1, ServicePath.Parse(service), Blue, $"vm-{number}", facts ?? Facts(),
        info ?? Info(number));

    private static Guid Id(int kind, int number) => Guid.Parse($"0199a5f2-0000-7000-800{kind:x}-{number:x12}");
}
