using System.Text;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// Steps about links as lines of one <c>ip -force -batch -</c>: 16 times cheaper than a process a command, and every
/// line's answer is known by its number.
/// </summary>
internal sealed class LinkBatch(HostTools tools, BridgeCards cards)
{
    /// <summary>Above this many, links are deleted as a group.</summary>
    private const int FewDeletes = 8;

    private const string Tuning =
        "forward_delay 0 stp_state 0 mcast_snooping 0 nf_call_iptables 1 nf_call_ip6tables 1";

    public async Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<Step> steps, CancellationToken stop)
    {
        bool byGroup = steps.Count(s => s is RemoveLink) > FewDeletes;
        List<(Step? Step, string Line)> lines =
            [.. steps.SelectMany(s => LinesOf(s, byGroup).Select(l => ((Step?)s, l)))];
        if (byGroup)
        {
            lines.Add((null, $"link del group {Mark.LeavingGroup}"));
        }

        ToolResult result = await tools.Ip(["-force", "-batch", "-"], Text(lines.Select(l => l.Line)), stop);
        Dictionary<int, string> faults = BatchFaults.Of(result.Error);
        if (!result.Good && faults.Count == 0)
        {
            // ip leaves a batch altogether when a line names a master or a namespace that is not there.
            return await OneByOne(steps, stop);
        }

        string? ofGroup = byGroup && faults.TryGetValue(lines.Count, out string? fault) ? fault : null;
        ILookup<object?, string> byStep = lines.Select((l, i) => (l.Step, Fault: faults.GetValueOrDefault(i + 1)))
            .Where(f => f.Fault is not null)
            .ToLookup(f => (object?)f.Step, f => f.Fault!, ReferenceEqualityComparer.Instance);
        return
        [
            .. steps.Select(s => (Step: s, Fault: byStep[s].FirstOrDefault() ?? (s is RemoveLink ? ofGroup : null)))
                .Select(s => new StepResult(s.Step, Explain(s.Step, s.Fault))),
        ];
    }

    /// <summary>Each step in a process of its own; what the batch had made before it ended is there already.</summary>
    private async Task<IReadOnlyList<StepResult>> OneByOne(IReadOnlyList<Step> steps, CancellationToken stop)
    {
        List<StepResult> results = [];
        foreach (Step step in steps)
        {
            ToolResult result = await tools.Ip(["-force", "-batch", "-"], Text(LinesOf(step, byGroup: false)), stop);
            Dictionary<int, string> faults = BatchFaults.Of(result.Error);
            string? fault = result.Good ? null
                : faults.Count == 0 ? result.Words
                : faults.Values.FirstOrDefault(f => !f.Contains("File exists", StringComparison.Ordinal));
            results.Add(new StepResult(step, Explain(step, fault)));
        }

        return results;
    }

    private static string Text(IEnumerable<string> lines) =>
        lines.Aggregate(new StringBuilder(), (text, line) => text.Append(line).Append('\n')).ToString();

    private string[] LinesOf(Step step, bool byGroup) => step switch
    {
        AddBridge s =>
        [
            $"link add name {s.Bridge.Name} address {cards.Of(s.Bridge.Name)} group {Mark.Group} type bridge {Tuning}",
            $"link set dev {s.Bridge.Name} alias {Mark.Alias} addrgenmode none mtu {s.Bridge.Mtu}",
            // By itself: in one message the link is up, with an address of its own making, before the mode is set.
            $"link set dev {s.Bridge.Name} up",
        ],
        AddVlanLink s =>
        [
            $"link add link {s.Link.Parent} name {s.Link.Name} group {Mark.Group} type vlan id {s.Link.Tag}",
            $"link set dev {s.Link.Name} alias {Mark.Alias} addrgenmode none mtu {s.Link.Mtu} up",
        ],
        AddVxlanLink s =>
        [
            $"link add name {s.Link.Name} group {Mark.Group} type vxlan id {s.Link.Vni} local {s.Link.Local}"
                + $" dstport {s.Link.UdpPort} nolearning",
            $"link set dev {s.Link.Name} alias {Mark.Alias} addrgenmode none mtu {s.Link.Mtu} up",
        ],
        AddPatch s => PatchLines(s.Link, SwitchNames.EndOf(s.Link.Name)),
        AddPort s => PortLines(s.Placed),
        TuneBridge s => [$"link set dev {s.Bridge} type bridge {Tuning}"],
        SetMtu s => [$"link set dev {s.Link} mtu {s.Mtu}"],
        SetUp s => [$"link set dev {s.Link} up"],
        SetDown s => [$"link set dev {s.Link} down"],
        AddAddress s when s.Address.Contains(':', StringComparison.Ordinal) =>
            [$"addr add {s.Address} nodad dev {s.Link}"],
        AddAddress s => [$"addr add {s.Address} brd + dev {s.Link}"],
        RemoveAddress s => [$"addr del {s.Address} dev {s.Link}"],
        AddUplink s => [$"link set dev {s.Link} master {s.Bridge} up"],
        RemoveUplink s => [$"link set dev {s.Link} nomaster"],
        SetHairpin s => [$"link set dev {s.Port} type bridge_slave hairpin {(s.On ? "on" : "off")}"],
        MovePort s => [$"link set dev {s.Port} master {s.Bridge}"],
        RemoveLink s => [byGroup ? $"link set dev {s.Link} group {Mark.LeavingGroup}" : $"link del dev {s.Link}"],
        _ => throw new InvalidOperationException($"{step.GetType().Name} is no step about links"),
    };

    private static string[] PatchLines(VlanLink link, string end) =>
    [
        $"link add name {link.Name} group {Mark.Group} type veth peer name {end} group {Mark.Group}",
        $"link set dev {link.Name} alias {Mark.Alias} addrgenmode none mtu {link.Mtu} up",
        $"link set dev {end} alias {Mark.Alias} addrgenmode none mtu {link.Mtu} up",
    ];

    private static string[] PortLines(PlacedPort placed)
    {
        GuestPort port = placed.Port;
        string common = $"addrgenmode none mtu {port.Mtu} master {port.Bridge} {(port.Up ? "up" : "down")}";
        return placed.Attachment is GuestSpace space
            ?
            [
                $"link add name {port.Name} group {Mark.Group} type veth"
                    + $" peer name eth{port.NicIndex} address {port.Mac} mtu {port.Mtu} netns {space.Name}",
                $"link set dev {port.Name} alias {Mark.Alias} {common}",
            ]
            :
            [
                $"tuntap add dev {port.Name} mode tap",
                $"link set dev {port.Name} alias {Mark.Alias} group {Mark.Group} {common}",
            ];
    }

    /// <summary>
    /// What was to be taken away and is gone already, is done; what the kernel lacks is said in plain words.
    /// </summary>
    private static string? Explain(Step step, string? fault) => step switch
    {
        _ when fault is null => null,
        RemoveLink or RemoveUplink when fault.Contains("Cannot find device", StringComparison.Ordinal) => null,
        RemoveAddress when fault.Contains("Cannot assign requested address", StringComparison.Ordinal) => null,
        AddVlanLink when fault.Contains("Unknown device type", StringComparison.Ordinal)
            || fault.Contains("not supported", StringComparison.Ordinal) => KernelFaults.NoVlans,
        AddVxlanLink when fault.Contains("Unknown device type", StringComparison.Ordinal)
            || fault.Contains("not supported", StringComparison.Ordinal) => KernelFaults.NoVxlans,
        _ => fault,
    };
}
