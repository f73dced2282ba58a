namespace NovaOrleans.Agent.Compute;

/// <summary>
/// What a guest is started with. <paramref name="InjectedFiles"/> are written into it first: path in the guest to text.
/// <paramref name="Devices"/> are its NICs in their order, for a driver that takes them. <paramref name="Drive"/> are the
/// files of a drive that tells the guest who it is: path on the drive to text; empty where its image has no use for one.
/// </summary>
public sealed record GuestBoot(
    IReadOnlyDictionary<string, string> InjectedFiles,
    IReadOnlyList<GuestDevice> Devices,
    IReadOnlyDictionary<string, string> Drive)
{
    public static GuestBoot Empty { get; } = new(new Dictionary<string, string>(), [], new Dictionary<string, string>());
}

/// <summary>
/// A NIC as a hypervisor takes it, made by whoever knows what it is for and passed on as it is.
/// <paramref name="Id"/> is its hardware address: that is what a hypervisor tells of a device that it has.
/// </summary>
public sealed record GuestDevice(string Id, string Xml);
