using System.Globalization;
using NovaOrleans.Instances;

namespace NovaOrleans.Api.Servers;

/// <summary>
/// A create request, read. <paramref name="Launches"/> has one entry an instance: its VNICs in the order of its NICs,
/// or null for the legacy form.
/// </summary>
internal sealed record ServerBody(string Name, IReadOnlyList<IReadOnlyList<VnicId>?> Launches, HostName? Host)
{
    public const int MostInstances = 256;

    /// <summary>Accepted of the 1.1 API and left unread: nothing here acts on them.</summary>
    public static IReadOnlyList<string> Ignored { get; } =
    [
        "personality", "adminPass", "OS-DCF:diskConfig", "diskConfig", "accessIPv4", "accessIPv6", "user_data",
        "key_name", "config_drive",
    ];

    private const string VnicsAccepts = "a list of VNIC ids, or for several instances a list of such lists";

    public string? ImageRef { get; init; }
    public string? FlavorRef { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of security groups; none means <c>default</c>.</summary>
    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    /// <summary>How many instances are enough where not all can be had; null means all or none.</summary>
    public int? Least { get; init; }

    /// <summary>EC2's name for the launch; null where another API launches.</summary>
    public string? Reservation { get; init; }

    public string? KeyName { get; init; }

    /// <summary>Base64.</summary>
    public string? UserData { get; init; }

    /// <summary>What image and flavor mean here; looked up after the body was read.</summary>
    public MachineSpec? Machine { get; init; }

    /// <summary>In the legacy form: a new VNIC in each of these networks, in the order of the NICs; null for the default one.</summary>
    public IReadOnlyList<NicOrder>? Networks { get; init; }

    /// <summary>The groups of those names; looked up likewise.</summary>
    public IReadOnlyList<SecurityGroupId> Groups { get; init; } = [];

    public static Outcome<ServerBody> Read(BodyReader root)
    {
        BodyReader body = root.Root("server");
        body.Require("name", Names.LabelAccepts);
        string? name = body.Label("name");
        HostName? host = ReadHost(body);
        int? count = ReadCount(body);
        IReadOnlyList<IReadOnlyList<VnicId>?> launches = ReadLaunches(body, count);
        IReadOnlyList<NicOrder>? networks = NicOrders.Read(body, launches.Count);
        body.Ignore([.. Ignored]);
        List<string?> groups = [.. (body.Objects("security_groups") ?? []).Select(g => g.Label("name"))];
        var read = new ServerBody(name ?? "", launches, host)
        {
            Networks = networks,
            ImageRef = body.Label("imageRef"),
            FlavorRef = body.Label("flavorRef"),
            SecurityGroups = [.. groups.OfType<string>().Distinct()],
            Metadata = body.Has("metadata") ? body.Object("metadata").Texts() : new Dictionary<string, string>(),
        };
        return body.Faulty(out Refusal? refusal) ? refusal : read;
    }

    /// <summary>"host" is ours; "availability_zone": "nova:HOST" is how 1.1's administrators name one.</summary>
    private static HostName? ReadHost(BodyReader body)
    {
        HostName? host = body.Host("host");
        const string accepts = "nova, or nova:HOST where HOST is a compute host's name";
        string? zone = body.Text("availability_zone", z => z is "nova" || InZone(z) is not null, accepts);
        if (InZone(zone) is { } other && host is { } named && other != named)
        {
            body.Reject(
                "host", $"Field 'host' was '{named}' and 'availability_zone' names '{other}'; give one of them.");
        }

        return host ?? InZone(zone);
    }

    private static HostName? InZone(string? zone) =>
        zone is not null && zone.StartsWith("nova:", StringComparison.Ordinal)
        && HostName.TryParse(zone["nova:".Length..], out HostName host) ? host : null;

    private static int? ReadCount(BodyReader body)
    {
        int? least = body.Integer("min_count", 1, MostInstances);
        int? count = body.Integer("count", 1, MostInstances);
        if (least is { } l && count is { } c && l != c)
        {
            body.Reject(
                "count", "Fields 'count' and 'min_count' differ; all instances are made or none, so give one of them.");
        }

        return count ?? least;
    }

    private static List<IReadOnlyList<VnicId>?> ReadLaunches(BodyReader body, int? count)
    {
        if (!body.Has("vnics"))
        {
            return [.. Enumerable.Repeat<IReadOnlyList<VnicId>?>(null, count ?? 1)];
        }

        IReadOnlyList<BodyNode> given = body.List("vnics") ?? [];
        bool nested = given.Count > 0 && given.All(IsList);
        List<IReadOnlyList<VnicId>?> launches = nested
            ? [.. given.Select((g, i) => ReadVnics(body, g.AsList()!, $"vnics[{i}]"))]
            : [ReadVnics(body, given, "vnics")];
        if (given.Count == 0 || launches.Any(l => l!.Count == 0))
        {
            body.Reject(
                "vnics",
                $"Field 'vnics' has no VNIC for an instance; give {VnicsAccepts}, "
                    + "or leave the field out (legacy form) to have one made.");
        }

        if (count is { } wanted && wanted != launches.Count)
        {
            body.Reject("vnics", string.Create(
                CultureInfo.InvariantCulture,
                $"Field 'vnics' has lists for {launches.Count} instances and {wanted} are asked for; "
                    + $"give one list an instance."));
        }

        if (launches.SelectMany(l => l!).GroupBy(v => v).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            body.Reject("vnics", $"Field 'vnics' names {twice.Key} twice; a VNIC is one NIC of one instance.");
        }

        return launches;
    }

    private static bool IsList(BodyNode node) =>
        node.Kind == BodyKind.List || (node.IsXml && node.Kind == BodyKind.Object);

    private static List<VnicId> ReadVnics(BodyReader body, IReadOnlyList<BodyNode> nodes, string field)
    {
        var vnics = new List<VnicId>(nodes.Count);
        for (int i = 0; i < nodes.Count; i++)
        {
            if (nodes[i].Kind == BodyKind.Text && Guid.TryParseExact(nodes[i].Scalar, "D", out Guid id))
            {
                vnics.Add(new VnicId(id));
            }
            else
            {
                string item = string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]");
                body.Reject(item, $"Field '{item}' is no UUID; give {VnicsAccepts}.");
            }
        }

        return vnics;
    }
}
