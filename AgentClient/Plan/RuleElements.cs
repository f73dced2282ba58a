namespace NovaOrleans.Agent;

/// <summary>The rules of profiles, and the members of the groups that they name, as elements. Pure.</summary>
internal sealed class RuleElements(DesiredHost desired)
{
    private static readonly int[] WithPorts = [(int)RuleProtocol.Tcp, (int)RuleProtocol.Udp];

    private readonly List<NftElement> _plain = [];

    /// <summary>Elements of maps to sources: set, key, and the combination of groups that is let in.</summary>
    private readonly List<(string Set, string Key, string Groups)> _peers = [];

    public void Add(uint profile, IReadOnlyList<SecurityGroupId> groups)
    {
        SecurityRule[] rules = [.. groups.Distinct().SelectMany(RulesOf)];
        AddOpen(profile, rules);
        foreach (int protocol in WithPorts)
        {
            SecurityRule[] own = [.. rules.Where(r => (int)r.Protocol == protocol)];
            AddRanges(own, r => (r.FromPort, r.ToPort), "ports", (from, to) => [$"{profile} . {protocol} . {PortRanges.Text(from, to)}"]);
            AddPeers(
                own, r => (r.FromPort, r.ToPort), ["peers_ports"], (from, to) => [$"{profile} . {protocol} . {PortRanges.Text(from, to)}"]);
        }

        SecurityRule[] icmp = [.. rules.Where(r => r.Protocol == RuleProtocol.Icmp)];
        IEnumerable<string> TypesAndCodes(int from, int to) => PortRanges.TypesAndCodes(from, to).Select(t => $"{profile} . {t}");
        AddRanges(icmp, TypeAndCode, "icmp", TypesAndCodes);
        AddPeers(icmp, TypeAndCode, ["peers_icmp", "peers_icmp6"], TypesAndCodes);
    }

    public IEnumerable<NftElement> Elements()
    {
        ImmutableSortedDictionary<string, uint> numbers = GroupNumbers.Of(_peers.Select(p => p.Groups));
        return
        [
            .. _plain,
            .. _peers.Select(p => new NftElement("inet", p.Set, $"{p.Key} : {numbers[p.Groups]}")),
            .. numbers.SelectMany(n => n.Key.Split(' ').SelectMany(MembersOf).Distinct()
                .Select(a => new NftElement("inet", Prefixes.IsSix(a) ? "members6" : "members4", $"{n.Value} . {a}"))),
        ];
    }

    private IReadOnlyList<SecurityRule> RulesOf(SecurityGroupId group) =>
        desired.SecurityGroups.TryGetValue($"group:{group}", out SecurityGroupFact? fact) ? fact.Rules : [];

    private IReadOnlyList<string> MembersOf(string group) =>
        desired.GroupMembers.TryGetValue($"members:{group}", out GroupMembersFact? fact) ? fact.Addresses : [];

    private void AddOpen(uint profile, SecurityRule[] rules)
    {
        SecurityRule[] any = [.. rules.Where(r => r.Protocol == RuleProtocol.Any)];
        _plain.AddRange(Prefixes.Widest(any.Select(r => r.Cidr).OfType<string>())
            .Select(p => new NftElement("inet", Prefixes.IsSix(p) ? "open6" : "open4", $"{profile} . {p}")));
        SecurityGroupId[] sources = [.. any.Select(r => r.SourceGroup).OfType<SecurityGroupId>()];
        if (sources.Length > 0)
        {
            _peers.Add(("peers_open", profile.ToString(CultureInfo.InvariantCulture), GroupNumbers.TextOf(sources)));
        }
    }

    /// <summary>Prefixes are cut with their ranges, and put together again prefix by prefix.</summary>
    private void AddRanges(
        SecurityRule[] rules, Func<SecurityRule, (int, int)> range, string set, Func<int, int, IEnumerable<string>> keys)
    {
        PortRanges.Part<string>[] parts = [.. rules.Where(r => r.Cidr is not null).Select(r => Part(range(r), r.Cidr!))];
        foreach (IGrouping<string, PortRanges.Part<string>> prefix in PortRanges.Cut(parts)
            .SelectMany(c => Prefixes.Widest(c.Content).Select(p => new PortRanges.Part<string>(c.From, c.To, p)))
            .GroupBy(p => p.Content))
        {
            string name = set + (Prefixes.IsSix(prefix.Key) ? "6" : "4");
            _plain.AddRange(PortRanges.Merge(prefix).SelectMany(p => keys(p.From, p.To))
                .Select(k => new NftElement("inet", name, $"{k} . {prefix.Key}")));
        }
    }

    private void AddPeers(
        SecurityRule[] rules, Func<SecurityRule, (int, int)> range, string[] sets, Func<int, int, IEnumerable<string>> keys)
    {
        PortRanges.Part<SecurityGroupId>[] parts =
            [.. rules.Where(r => r.SourceGroup is not null).Select(r => Part(range(r), r.SourceGroup!.Value))];
        foreach (PortRanges.Part<string> part in PortRanges.Merge(PortRanges.Cut(parts)
            .Select(c => new PortRanges.Part<string>(c.From, c.To, GroupNumbers.TextOf(c.Content)))))
        {
            _peers.AddRange(sets.SelectMany(s => keys(part.From, part.To).Select(k => (s, k, part.Content))));
        }
    }

    private static PortRanges.Part<T> Part<T>((int From, int To) range, T content) =>
        new(Math.Clamp(range.From, 0, PortRanges.Last), range.To is < 0 or > PortRanges.Last ? PortRanges.Last : range.To, content);

    /// <summary>−1 is any type, or any code of a type.</summary>
    private static (int From, int To) TypeAndCode(SecurityRule rule) => (rule.FromPort, rule.ToPort) switch
    {
        ( < 0, _) => (0, PortRanges.Last),
        (int type, < 0) => (type << 8, (type << 8) | 255),
        (int type, int code) => ((type << 8) | code, (type << 8) | code),
    };
}
