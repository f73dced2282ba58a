namespace NovaOrleans.Queries;

/// <summary>
/// What becomes of a flow, decided from rows alone: pure. It follows a packet through the same gates that a host has, and says at
/// which one it stops.
/// </summary>
public static class FlowRules
{
    public static FlowView Explain(FlowFacts facts, ExplainFlow flow)
    {
        List<string> steps = [Standing("the VNIC", facts.Nic)];
        if (flow.Peer is not { } peer)
        {
            steps.AddRange(facts.Groups.SelectMany(g => g.Rules.Select(r => $"lets in {Say(r)} by group {g.Name}")));
            return facts.Groups.Count == 0
                ? End(FlowVerdict.Allowed, "it is in no security group, so that nothing is kept from it")
                : End(FlowVerdict.Allowed, $"what its {facts.Groups.Count} groups let in is above; everything else is dropped");
        }

        if (facts.Peer is { } known)
        {
            steps.Add(Standing(facts.PeerIsFloating ? $"{peer} stands for the VNIC" : $"{peer} is the VNIC", known));
        }

        string? stopped = Down(facts, peer) ?? Blocked(facts, peer) ?? Route(facts, flow, peer, steps);
        if (stopped is not null)
        {
            return End(FlowVerdict.Dropped, stopped);
        }

        if (!Admitted(facts, flow, peer, out string? because))
        {
            return End(FlowVerdict.Dropped, because);
        }

        NicStanding? untrue = new[] { facts.Nic, facts.Peer }.OfType<NicStanding>().FirstOrDefault(n => n.State != NicState.Applied);
        return untrue is null
            ? End(FlowVerdict.Allowed, because)
            : End(FlowVerdict.Drift, $"{because}; but host {untrue.Host} has not made VNIC {untrue.Binding.Vnic} so: "
                + (untrue.Fault ?? $"it reported revision {untrue.ReportedRevision}, and this is {untrue.Revision}"));

        FlowView End(FlowVerdict verdict, string why) => new(verdict, why, steps);
    }

    private static string Standing(string who, NicStanding nic) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{who} {nic.Binding.Vnic} of instance {nic.Binding.HostName}: {nic.Binding.Info.MacAddress}, "
        + $"{nic.Binding.Info.IpAddress?.ToString() ?? "no IPv4 address"}, network {nic.Binding.Network?.Label ?? "none"}, "
        + $"on host {nic.Host}{(nic.HostIsFenced ? " (fenced)" : "")}, {nic.State.ToString().ToLowerInvariant()} "
        + $"at revision {nic.Revision} since {nic.At:yyyy-MM-ddTHH:mm:ssZ}{(nic.Fault is { } fault ? ": " + fault : "")}");

    private static string? Down(FlowFacts facts, string peer) =>
        !facts.Nic.Binding.Up ? $"the port of VNIC {facts.Nic.Binding.Vnic} is DOWN"
        : facts.Peer is { Binding.Up: false } ? $"the port of {peer} is DOWN"
        : null;

    private static string? Blocked(FlowFacts facts, string peer) =>
        facts.Blocked.FirstOrDefault(b => Contains(b, peer)) is { } prefix
            ? $"{prefix} is blocked for every guest of the cloud" : null;

    /// <summary>Where the other address is, and why nothing gets there, if so.</summary>
    private static string? Route(FlowFacts facts, ExplainFlow flow, string peer, List<string> steps)
    {
        NetworkInfo info = facts.Nic.Binding.Info;
        if (facts.Peer is not null)
        {
            return null;
        }

        if (peer == info.Gateway?.ToString() || peer == info.GatewayV6?.ToString() || peer == info.DhcpServer?.ToString())
        {
            steps.Add($"{peer} is the gateway: the host itself answers DHCP, DNS, ping and metadata there, and nothing else");
            return flow.FromPeer || flow.Protocol is RuleProtocol.Icmp or RuleProtocol.Any || flow.Port is 53 or 67 or 80
                ? null
                : $"the host takes no {Say(flow)} from its guests";
        }

        bool near = Ip4Address.TryParse(peer, out Ip4Address four) ? info.Cidr?.Contains(four) == true
            : Ip6Address.TryParse(peer, out Ip6Address six) && info.CidrV6?.Contains(six) == true;
        if (near)
        {
            return $"no VNIC of network {facts.Nic.Binding.Network?.Label} has {peer}: nobody answers its ARP";
        }

        if (facts.OtherNetwork is { } other)
        {
            return $"{peer} lies in network {other}, and networks do not reach each other through a host";
        }

        steps.Add($"{peer} is outside: it is reached by the gateway {info.Gateway?.ToString() ?? "(this network has none)"}");
        return info.Gateway is null && info.GatewayV6 is null ? "this network has no way to the outside" : null;
    }

    /// <summary>Whether the groups of whoever receives let it in. What leaves for the outside is not asked of groups.</summary>
    private static bool Admitted(FlowFacts facts, ExplainFlow flow, string peer, out string because)
    {
        NicStanding? receiver = flow.FromPeer ? facts.Nic : facts.Peer;
        if (receiver is null)
        {
            because = "what a guest sends is not kept back by groups";
            return true;
        }

        if (receiver.Binding.Network?.Firewall == "none" || receiver.Binding.SecurityGroups.Count == 0)
        {
            because = $"VNIC {receiver.Binding.Vnic} is in no security group, so that nothing is kept from it";
            return true;
        }

        string? source = flow.FromPeer ? peer : Source(facts.Nic.Binding.Info, peer);
        foreach (SecurityGroupFact group in facts.Groups)
        {
            if (group.Rules.FirstOrDefault(r => Fits(r, flow) && From(r, source, facts.Members)) is { } rule)
            {
                because = $"group {group.Name} lets in {Say(rule)} (rule {rule.Id})";
                return true;
            }
        }

        because = $"no rule of {string.Join(", ", facts.Groups.Select(g => g.Name))} lets {Say(flow)} from {source} "
            + $"in to VNIC {receiver.Binding.Vnic}";
        return false;
    }

    private static string? Source(NetworkInfo info, string peer) =>
        peer.Contains(':', StringComparison.Ordinal) ? info.AddressV6?.ToString() : info.IpAddress?.ToString();

    private static bool Fits(SecurityRule rule, ExplainFlow flow) =>
        rule.Protocol == RuleProtocol.Any
        || (rule.Protocol == flow.Protocol && (flow.Port is not { } port
            || (rule.Protocol == RuleProtocol.Icmp ? rule.FromPort < 0 || rule.FromPort == port
                : port >= rule.FromPort && port <= rule.ToPort)));

    private static bool From(SecurityRule rule, string? source, ILookup<SecurityGroupId, string> members) =>
        source is not null && (rule.SourceGroup is { } group ? members[group].Contains(source) : Contains(rule.Cidr!, source));

    private static bool Contains(string prefix, string address) =>
        Cidr4.TryParse(prefix, out Cidr4 four) ? Ip4Address.TryParse(address, out Ip4Address a) && four.Contains(a)
        : Cidr6.TryParse(prefix, out Cidr6 six) && Ip6Address.TryParse(address, out Ip6Address b) && six.Contains(b);

    private static string Say(SecurityRule rule) =>
        (rule.Protocol switch
        {
            RuleProtocol.Any => "anything",
            RuleProtocol.Icmp => rule.FromPort < 0 ? "icmp" : $"icmp type {rule.FromPort}",
            _ when rule.FromPort == rule.ToPort => $"{rule.Protocol.ToString().ToLowerInvariant()}/{rule.FromPort}",
            _ => $"{rule.Protocol.ToString().ToLowerInvariant()}/{rule.FromPort}-{rule.ToPort}",
        }) + (rule.SourceGroup is { } group ? $" from the members of group {group}" : $" from {rule.Cidr}");

    private static string Say(ExplainFlow flow) =>
        (flow.Protocol == RuleProtocol.Any ? "any protocol" : flow.Protocol.ToString().ToLowerInvariant())
        + (flow.Port is { } port ? $"/{port}" : "");
}
