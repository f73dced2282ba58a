namespace NovaOrleans.Agent;

/// <summary>
/// <c>--cleanup</c>: takes away what agents made on this host, and nothing else. It asks no core and opens no session,
/// so that a host can be given back when there is no core any more.
/// </summary>
public sealed class CleanUp(AgentOptions options, HostObserver observer, Applier applier)
{
    /// <summary>What is gone, what stays and why, in lines; false when something of ours is left that should not be.</summary>
    public async Task<bool> Run(TextWriter output, CancellationToken stop)
    {
        ActualHost actual = await observer.Observe(stop);
        ImmutableSortedDictionary<string, string> kept = options.KeepGuests ? Kept(actual) : DesiredHost.Named<string>();
        Plan plan = PlanFor(actual, kept, options.KeepGuests);
        Applied applied = await applier.Apply(plan, DesiredHost.Empty, stop);
        foreach (StepResult result in applied.Results)
        {
            await output.WriteLineAsync(result.ToString());
        }

        foreach ((string link, string why) in kept)
        {
            await output.WriteLineAsync($"= {link} stays: {why}");
        }

        // Read back, as everything else: an agent that still runs would have made it all anew.
        Plan left = PlanFor(await observer.Observe(stop), kept, options.KeepGuests);
        foreach (Step step in left.Steps)
        {
            await output.WriteLineAsync($"! still there, does an agent run? {step.Text}");
        }

        if (left.IsEmpty)
        {
            ForgetFiles(options.KeepGuests && actual.Guests.Values.Any(g => g == GuestStatus.Running));
            await output.WriteLineAsync(kept.IsEmpty ? "nothing of ours is left" : "nothing else of ours is left");
        }

        return left.IsEmpty;
    }

    private static Plan PlanFor(ActualHost actual, ImmutableSortedDictionary<string, string> kept, bool keepGuests)
    {
        bool Running(string instance) => keepGuests && actual.Guests.GetValueOrDefault(instance) == GuestStatus.Running;
        bool Carries(string bridge) => actual.Switch!.Bridges[bridge].Ports.Keys.Any(kept.ContainsKey);
        return new Plan(Planner.Make(actual, DesiredHost.Empty).Steps.Where(step => step switch
        {
            StopGuest s => !Running(s.Instance),
            UndefineGuest s => !Running(s.Instance),
            RemoveLink s => !kept.ContainsKey(s.Link),
            RemoveAccess s => !kept.ContainsKey(s.Port),
            RemoveSwitch s => !Carries(s.Name),
            _ => true,
        }));
    }

    /// <summary>
    /// The ports of running guests, the bridges that they are on, and what connects those with the world, each with its
    /// reason.
    /// </summary>
    private static ImmutableSortedDictionary<string, string> Kept(ActualHost actual)
    {
        HashSet<string> spaces =
        [
            .. actual.Guests.Where(g => g.Value == GuestStatus.Running)
                .Select(g => NamespacesDriver.SpaceOf(new InstanceId(Guid.Parse(g.Key)))),
        ];
        var kept = DesiredHost.Named<string>().ToBuilder();
        foreach (ActualLink port in actual.Links.Values.Where(l => l.Ours))
        {
            if (port.Kind == LinkKind.Veth && port.GuestSpace is { } space && spaces.Contains(space))
            {
                kept[port.Name] = $"port of a running guest, in {space}";
            }
            else if (port is { Kind: LinkKind.Tap, Carrier: true })
            {
                kept[port.Name] = "port of a running guest, whose hypervisor has it open";
            }
        }

        foreach (string bridge in kept.Keys.Select(p => actual.Links[p].Master).OfType<string>().Distinct().ToArray())
        {
            kept[bridge] = "bridge of a running guest";
            foreach (ActualLink uplink in actual.Links.Values.Where(l => l.Master == bridge && !kept.ContainsKey(l.Name) && IsWay(l)))
            {
                kept[uplink.Name] = $"uplink of {bridge}";
                if (uplink.Peer is { } end)
                {
                    kept[end] = $"uplink of {bridge}, in Open vSwitch";
                }
            }
        }

        return kept.ToImmutable();
    }

    private static bool IsWay(ActualLink link) =>
        !link.Ours || link.Kind is LinkKind.Vlan or LinkKind.Vxlan || SwitchNames.IsEnd(link.Peer);

    private void ForgetFiles(bool guestsRun)
    {
        if (Directory.Exists(options.NetworkFolder))
        {
            Directory.Delete(options.NetworkFolder, recursive: true);
        }

        if (File.Exists(options.RepairsFile))
        {
            File.Delete(options.RepairsFile);
        }

        foreach (string guests in new[] { options.GuestsFolder, options.MachinesFolder })
        {
            if (!guestsRun && Directory.Exists(guests))
            {
                Directory.Delete(guests, recursive: true);
            }
        }

        if (Directory.Exists(options.State) && !Directory.EnumerateFileSystemEntries(options.State).Any())
        {
            Directory.Delete(options.State);
        }
    }
}
