namespace NovaOrleans.Agent.Host;

/// <summary>
/// One dnsmasq a network, which outlives the agent. New hosts are a new hosts file and a SIGHUP (not --dhcp-hostsdir,
/// which crashed 2.90); an address that changes hands is a restart, because dnsmasq does not give away what it has
/// leased.
/// </summary>
internal sealed class DnsmasqServers(HostTools tools, string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private string Place(string network, string file) => Path.Combine(folder, network, file);

    public ImmutableSortedDictionary<string, ActualDhcp> Read()
    {
        var servers = DesiredHost.Named<ActualDhcp>().ToBuilder();
        foreach (string place in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
        {
            string network = Path.GetFileName(place);
            servers[network] = new ActualDhcp(
                network, Find(network) is not null, TextOf(Place(network, "conf")), HostsOf(Place(network, "hosts")));
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

    private async Task Start(string network, DhcpScope scope, CancellationToken stop)
    {
        await End(network, stop);
        Directory.CreateDirectory(Path.Combine(folder, network));
        await Replace(Place(network, "conf"), DhcpText.Configuration(scope), stop);
        await WriteHosts(network, scope, stop);
        string[] kept = [.. Leases(network).Where(l => !Contradicts(l, scope)).Select(l => l + "\n")];
        await Replace(Place(network, "leases"), string.Concat(kept), stop);
        ToolResult result = await tools.InSpace("dnsmasq",
        [
            $"--conf-file={Place(network, "conf")}",
            $"--dhcp-hostsfile={Place(network, "hosts")}",
            $"--dhcp-leasefile={Place(network, "leases")}",
            $"--pid-file={Place(network, "pid")}",
        ], null, stop);
        if (!result.Good)
        {
            throw new OperatingFaultException(
                $"dnsmasq for {scope.Bridge} did not start: {result.Words}", mayRetry: true);
        }
    }

    private async Task Reload(string network, DhcpScope scope, CancellationToken stop)
    {
        if (Find(network) is not { } pid || Leases(network).Any(l => Contradicts(l, scope)))
        {
            await Start(network, scope, stop);
            return;
        }

        await WriteHosts(network, scope, stop);
        Processes.Signal(pid, Processes.Hangup);
    }

    private async Task Stop(string network, CancellationToken stop)
    {
        await End(network, stop);
        if (Directory.Exists(Path.Combine(folder, network)))
        {
            Directory.Delete(Path.Combine(folder, network), recursive: true);
        }
    }

    private async Task End(string network, CancellationToken stop)
    {
        if (Find(network) is { } pid)
        {
            await Processes.End([pid], Patience, stop);
        }
    }

    private int? Find(string network) => Processes.Find(Place(network, "pid"), Place(network, "conf"));

    private Task WriteHosts(string network, DhcpScope scope, CancellationToken stop) =>
        Replace(Place(network, "hosts"), string.Join("", DhcpText.HostLines(scope).Select(l => l + "\n")), stop);

    private string[] Leases(string network) =>
        TextOf(Place(network, "leases")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// A lease line is "expiry MAC address name client-id": of an address that is another card's now.
    /// </summary>
    private static bool Contradicts(string lease, DhcpScope scope)
    {
        string[] words = lease.Split(' ');
        return words.Length > 2 && scope.Hosts.Any(h => h.Address.ToString() == words[2]
            && !string.Equals(h.Mac.ToString(), words[1], StringComparison.OrdinalIgnoreCase));
    }

    private static async Task Replace(string path, string text, CancellationToken stop)
    {
        await File.WriteAllTextAsync(path + ".new", text, stop);
        File.Move(path + ".new", path, overwrite: true);
    }

    private static string TextOf(string path) => File.Exists(path) ? File.ReadAllText(path) : "";

    private static ImmutableSortedSet<string> HostsOf(string path) => ImmutableSortedSet.CreateRange(
        StringComparer.Ordinal, TextOf(path).Split('\n', StringSplitOptions.RemoveEmptyEntries));
}
