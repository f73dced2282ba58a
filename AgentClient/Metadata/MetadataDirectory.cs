namespace NovaOrleans.Agent.Metadata;

/// <summary>
/// Which guest it is that asks: told by the bridge that its request came over and by its address, which its port's guard lets no
/// other send from. Two networks may have the same addresses, two bridges may not have the same network. Immutable.
/// </summary>
public sealed record MetadataDirectory
{
    /// <summary>What is served of EC2's versions; all of them read the same.</summary>
    private static readonly string[] Versions = ["2009-04-04", "latest"];

    public static MetadataDirectory Empty { get; } = new();

    private ImmutableDictionary<(string Bridge, string Address), GuestIdentity> Guests { get; init; } =
        ImmutableDictionary<(string Bridge, string Address), GuestIdentity>.Empty;

    /// <summary>Those with an address of ours, where guests can be listened to.</summary>
    public ImmutableHashSet<string> Bridges { get; private init; } = [];

    public static MetadataDirectory Of(HostAssignment assignment, DesiredHost desired)
    {
        var guests = ImmutableDictionary.CreateBuilder<(string Bridge, string Address), GuestIdentity>();
        foreach (BoundVnic bound in assignment.Wanted)
        {
            if (desired.Ports.TryGetValue(GuestPort.NameOf(bound.Binding.Vnic), out PlacedPort? placed))
            {
                var identity = new GuestIdentity(bound.Instance, bound.Binding, GroupsOf(assignment, bound.Binding));
                foreach (string address in AddressesOf(bound.Binding.Info))
                {
                    guests[(placed.Port.Bridge, address)] = identity;
                }
            }
        }

        return new MetadataDirectory
        {
            Guests = guests.ToImmutable(),
            Bridges = [.. desired.Bridges.Values.Where(b => b.Addresses.Count > 0).Select(b => b.Name)],
        };
    }

    public GuestIdentity? Find(string bridge, string address) => Guests.GetValueOrDefault((bridge, address));

    /// <summary>What the guest reads at the path; null where there is nothing.</summary>
    public static byte[]? Read(GuestIdentity guest, string path)
    {
        MetadataTree ec2 = guest.Ec2();
        string first = path.TrimStart('/').Split('/')[0];
        MetadataTree tree = Versions.Aggregate(new MetadataTree(), (t, version) => t.With(version, ec2));
        if (first.Length > 0 && !Versions.Contains(first) && IsVersion(first))
        {
            tree = tree.With(first, ec2);
        }

        return tree.With("openstack/latest", guest.OpenStack()).Find(path);
    }

    /// <summary>Clients ask for the version that they were written for.</summary>
    private static bool IsVersion(string text) =>
        text == "1.0" || (text.Length == 10 && text[4] == '-' && text[7] == '-' && text.Count(char.IsAsciiDigit) == 8);

    private static IEnumerable<string> AddressesOf(NetworkInfo info) =>
        info.Additional.Prepend(info.IpAddress?.ToString()).OfType<string>();

    private static string[] GroupsOf(HostAssignment assignment, HostBinding binding) =>
        [.. binding.SecurityGroups.Select(
            g => assignment.Facts.Values.OfType<SecurityGroupFact>().FirstOrDefault(f => f.Group == g)?.Name).OfType<string>()];
}
