using System.Globalization;

namespace NovaOrleans.Projects;

/// <summary>What is limited, a project at a time; <see cref="Quota.NameOf"/> has nova's names.</summary>
[GenerateSerializer, Alias("nova.QuotaKind")]
public enum QuotaKind
{
    FloatingIps = 0,
    SecurityGroups = 1,

    /// <summary>Rules of one security group.</summary>
    SecurityGroupRules = 2,

    /// <summary>Ports with a VNIC or without, of all networks.</summary>
    FixedIps = 3,

    /// <summary>Networks that the project made for itself may bring it to; an admin is not held to it.</summary>
    Networks = 4,
}

/// <summary>The limits' names on the wire, and nova's defaults.</summary>
public static class Quota
{
    public const long Unlimited = -1;

    public const string Accepts = "-1 (without limit) or a number from 0 to 2147483647";

    private static readonly (QuotaKind Kind, string Name, long Default)[] s_all =
    [
        (QuotaKind.FloatingIps, "floating_ips", 10),
        (QuotaKind.SecurityGroups, "security_groups", 10),
        (QuotaKind.SecurityGroupRules, "security_group_rules", 20),
        (QuotaKind.FixedIps, "fixed_ips", Unlimited),
        (QuotaKind.Networks, "networks", 3),
    ];

    public static IEnumerable<QuotaKind> Kinds => s_all.Select(q => q.Kind);

    public static IEnumerable<string> Names => s_all.Select(q => q.Name);

    public static string NameOf(QuotaKind kind) => Array.Find(s_all, q => q.Kind == kind).Name;

    public static QuotaKind? Find(string name) => Array.Find(s_all, q => q.Name == name) is { Name: not null } q ? q.Kind : null;

    public static long UsualLimit(QuotaKind kind) => Array.Find(s_all, q => q.Kind == kind).Default;

    public static bool IsLimit(long limit) => limit is >= Unlimited and <= int.MaxValue;

    /// <summary>Why <paramref name="more"/> beside the <paramref name="used"/> would be too many; null where they are not.</summary>
    public static Refusal? Exceeded(ProjectId project, QuotaKind kind, long limit, long used, long more = 1) =>
        limit < 0 || used + more <= limit ? null : new Refusal(
            RefusalCode.QuotaExceeded,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Project '{project}' has a quota of {limit} {NameOf(kind)} and uses {used}; {more} more would be too many."),
            project.Value,
            Details: new Dictionary<string, string>
            {
                ["quota"] = NameOf(kind),
                ["limit"] = limit.ToString(CultureInfo.InvariantCulture),
                ["used"] = used.ToString(CultureInfo.InvariantCulture),
            });
}

/// <summary>What a project without a limit of its own is held to: <c>--quota_floating_ips</c> and so on.</summary>
public sealed record QuotaDefaults
{
    /// <summary>Those that differ from nova's; -1 is without limit.</summary>
    public IReadOnlyDictionary<QuotaKind, long> Set { get; init; } = new Dictionary<QuotaKind, long>();

    public long Of(QuotaKind kind) => Set.TryGetValue(kind, out long limit) ? limit : Quota.UsualLimit(kind);
}

/// <summary>A project's limits: its own where it has one, else the default.</summary>
[GenerateSerializer, Immutable, Alias("nova.ProjectQuotas")]
public sealed record ProjectQuotas(
    ProjectId Project, IReadOnlyDictionary<QuotaKind, long> Limits, IReadOnlyDictionary<QuotaKind, long> Defaults)
{
    public long Of(QuotaKind kind) => Limits[kind];

    /// <inheritdoc cref="Quota.Exceeded"/>
    public Refusal? Exceeded(QuotaKind kind, long used, long more = 1) =>
        Quota.Exceeded(Project, kind, Limits[kind], used, more);
}
