using NovaOrleans.Agent.Leases;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// One dnsmasq a network, which outlives the agent. New hosts are new files and a SIGHUP (not --dhcp-hostsdir, which
/// crashed 2.90); a host that leaves gives its lease back, so that its address can change hands while the server runs.
/// </summary>
internal sealed class DnsmasqServers(HostTools tools, DnsmasqFiles files)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private const int TurnsForRelease = 40;
    private const int ReleasesAtOnce = 8;

    public ImmutableSortedDictionary<string, ActualDhcp> Read()
    {
        var servers = DesiredHost.Named<ActualDhcp>().ToBuilder();
        foreach (string network in files.Networks)
        {
            servers[network] = new ActualDhcp(
                network, Find(network) is not null, files.Configuration(network), files.HostLines(network));
        }

        return servers.ToImmutable();
    }

    public async Task<StepResult> Run(Step step, CancellationToken stop)
    {
        try
        {
            await (step switch
            {
                StartDhcp s => Start(s.Network, s.Scope, stop),
                ReloadDhcp s => Reload(s.Network, s.Scope, stop),
                StopDhcp s => Stop(s.Network, stop),
                _ => throw new InvalidOperationException($"{step.GetType().Name} is no step about DHCP"),
            });
            return new StepResult(step);
        }
        catch (Exception e) when (e is OperatingFaultException or IOException or UnauthorizedAccessException)
        {
            return new StepResult(step, e.Message);
        }
    }

    /// <summary>Leases survive: the new server reads what the one before it had given, but for those that left.</summary>
    private async Task Start(string network, DhcpScope scope, CancellationToken stop)
    {
        await End(network, stop);
        await files.Write(network, scope, stop);
        HashSet<(MacAddress, Ip4Address)> held = Held(scope);
        string[] kept = [.. files.LeaseLines(network)
            .Where(l => LeaseFile.LeaseOf(l) is { } lease && held.Contains((lease.Mac, lease.Address)))];
        await files.WriteLeases(network, kept, stop);
        ToolResult result = await tools.InSpace("dnsmasq",
        [
            $"--conf-file={files.Place(network, "conf")}",
            $"--dhcp-hostsfile={files.Place(network, "hosts")}",
            $"--addn-hosts={files.Place(network, "names")}",
            $"--dhcp-leasefile={files.Place(network, "leases")}",
            $"--pid-file={files.Place(network, "pid")}",
            $"--user={DnsmasqUser.For(files.Place(network))}",
        ], null, stop);
        if (!result.Good)
        {
            throw new OperatingFaultException(
                $"dnsmasq for {scope.Bridge} did not start: {result.Words}", mayRetry: true);
        }
    }

    private async Task Reload(string network, DhcpScope scope, CancellationToken stop)
    {
        if (Find(network) is not { } pid)
        {
            await Start(network, scope, stop);
            return;
        }

        HashSet<(MacAddress, Ip4Address)> held = Held(scope);
        // Those of the file, and those it may yet get: a request that waits in the server's queue is answered before a release.
        var left = files.Leases(network).Select(l => (l.Mac, l.Address))
            .Concat(files.HostLines(network).Select(DhcpText.HostOf).OfType<(MacAddress, Ip4Address)>())
            .Where(l => !held.Contains(l)).ToHashSet();
        await files.WriteHosts(network, scope, stop);
        Processes.Signal(pid, Processes.Hangup);
        await Parallel.ForEachAsync(
            left, new ParallelOptions { MaxDegreeOfParallelism = ReleasesAtOnce, CancellationToken = stop },
            async (lease, ct) => await tools.InSpace(
                "dhcp_release", [scope.Bridge, lease.Item2.ToString(), lease.Item1.ToString()], null, ct));
        if (left.Count > 0 && !await AreFree(network, held, stop))
        {
            // It would go on refusing the address to its new card.
            await Start(network, scope, stop);
        }
    }

    /// <summary>False where the server still has a lease of an address that is another's now.</summary>
    private async Task<bool> AreFree(
        string network, HashSet<(MacAddress Mac, Ip4Address Address)> held, CancellationToken stop)
    {
        HashSet<Ip4Address> taken = [.. held.Select(h => h.Address)];
        using PeriodicTimer tick = new(TimeSpan.FromMilliseconds(5));
        for (int turn = 0; turn < TurnsForRelease; turn++)
        {
            if (!files.Leases(network).Any(l => taken.Contains(l.Address) && !held.Contains((l.Mac, l.Address))))
            {
                return true;
            }

            await tick.WaitForNextTickAsync(stop);
        }

        return false;
    }

    private async Task Stop(string network, CancellationToken stop)
    {
        await End(network, stop);
        files.Delete(network);
    }

    private async Task End(string network, CancellationToken stop)
    {
        if (Find(network) is { } pid)
        {
            await Processes.End([pid], Patience, stop);
        }
    }

    private int? Find(string network) => Processes.Find(files.Place(network, "pid"), files.Place(network, "conf"));

    private static HashSet<(MacAddress Mac, Ip4Address Address)> Held(DhcpScope scope) =>
        [.. scope.Hosts.Select(h => (h.Mac, h.Address))];
}
