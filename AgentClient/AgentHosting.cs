using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Agent.Compute.Libvirt;
using NovaOrleans.Agent.Leases;
using NovaOrleans.Agent.Metadata;

namespace NovaOrleans.Agent;

/// <summary>The agent as a part of a host: its own process, or a test's.</summary>
public static class AgentHosting
{
    /// <summary>
    /// Adds the agent. What is registered before stays: a test brings its own <see cref="IHostDoor"/>, network or
    /// compute driver. <paramref name="networkServices"/> are the plug-ins of this host. In mode <see
    /// cref="AgentMode.Run"/> it works as a hosted service.
    /// </summary>
    public static IServiceCollection AddNovaAgent(
        this IServiceCollection services, AgentOptions options, IEnumerable<INetworkService> networkServices)
    {
        INetworkService[] known = [.. networkServices];
        HostName host = HostName.Parse(options.Host);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new ProcessRunner());
        services.TryAddSingleton<IHostDoor>(s => new OrleansHostDoor(options, s.GetRequiredService<ILoggerFactory>()));
        AddHost(services, options);
        services.AddSingleton<VnicProgress>();
        services.AddSingleton(s => new HostHello(
            typeof(AgentHosting).Assembly.GetName().Version!.ToString(3),
            s.GetRequiredService<IComputeDriver>().Name,
            known.ToDictionary(n => n.Path.Value, n => n.Version))
        {
            Address = options.MyIp,
        });
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<HostIdentity>(s, host));
        services.AddSingleton<HostLink>();
        services.AddSingleton<IHostLinkSession>(s => s.GetRequiredService<HostLink>());
        services.AddSingleton(s => new GuardedNetAgents(known, s.GetRequiredService<HostLink>(), GuardedNetAgents.UsualLimit));
        services.AddSingleton<IReadOnlyDictionary<ServicePath, INetAgent>>(s => s.GetRequiredService<GuardedNetAgents>().ByService);
        services.AddSingleton<NetAgents>();
        services.AddSingleton<GuestWatch>();
        services.AddSingleton<AssignmentIntake>();
        services.AddSingleton(new Outside(
            options.PublicInterface,
            options.RoutingSourceIp is { } source ? Ip4Address.Parse(source) : null,
            options.ServesMetadata));
        services.AddSingleton<Translator>();
        services.AddSingleton<HostObserver>();
        services.AddSingleton<IGuestGate, GuestGate>();
        services.AddSingleton<Applier>();
        services.AddSingleton<Verifier>();
        services.AddSingleton(new RepairFile(options.Fake ? null : options.RepairsFile));
        services.AddSingleton<AgentMetrics>();
        services.AddSingleton(s => new MetricsFile(s.GetRequiredService<AgentMetrics>(), options.MetricsFile));
        services.AddSingleton<RepairWatch>();
        services.AddSingleton<DriftReport>();
        services.AddSingleton<IRoundWitness, RoundLog>();
        services.AddSingleton<HostReporter>();
        services.AddSingleton<ReconcileLoop>();
        services.AddSingleton<LeaseReporter>();
        services.AddSingleton<DryRun>();
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<CleanUp>(s, options));
        AddMetadata(services, options);
        return options.Mode == AgentMode.Run ? services.AddHostedService<AgentService>() : services;
    }

    /// <summary>A host in memory has no guests who could ask.</summary>
    private static void AddMetadata(IServiceCollection services, AgentOptions options)
    {
        if (!options.ServesMetadata || options.Fake || options.Mode != AgentMode.Run)
        {
            return;
        }

        services.AddSingleton(new BridgeSockets(options.NetworkSpace));
        services.AddSingleton<BridgeTransport>();
        services.AddSingleton<MetadataServer>();
        services.AddSingleton<IRoundWitness>(s => s.GetRequiredService<MetadataServer>());
        services.AddHostedService(s => s.GetRequiredService<MetadataServer>());
    }

    /// <summary>In memory, with two links for whatever networks and floating IPs are put on, and the one that the options name.</summary>
    private static FakeHost Machine(AgentOptions options)
    {
        FakeHost host = new() { HasOvs = options.Ovs is not null };
        foreach (string link in new[] { "eth0", "eth1", options.PublicInterface ?? "eth0" }.Distinct())
        {
            host.AddForeignLink(link, LinkKind.Other);
        }

        return host;
    }

    private static void AddHost(IServiceCollection services, AgentOptions options)
    {
        if (options.Fake)
        {
            services.TryAddSingleton(Machine(options));
            services.TryAddSingleton<IHostNetwork>(s => s.GetRequiredService<FakeHost>());
            services.TryAddSingleton<ILeaseSource, NoLeases>();
            services.TryAddSingleton<IComputeDriver>(s => new FakeGuests(s.GetRequiredService<FakeHost>()));
            return;
        }

        services.TryAddSingleton<IGuestSpaces, LinuxGuestSpaces>();
        services.TryAddSingleton<ILeaseSource>(s => new DnsmasqLeases(
            Path.Combine(options.State, "network"), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IHostNetwork>(s => new LinuxHost(
            s.GetRequiredService<ProcessRunner>(), options.NetworkFolder, options.NetworkSpace,
            options.Ovs));
        services.TryAddSingleton<IGuestMedia, LinuxGuestMedia>();
        services.TryAddSingleton<IComputeDriver>(s => options.Compute switch
        {
            "none" => new NoneDriver(),
            "libvirt" => ActivatorUtilities.CreateInstance<LibvirtDriver>(s, new LibvirtOptions(
                options.LibvirtUri, options.LibvirtType, options.ImageFolder, options.MachinesFolder)),
            _ => ActivatorUtilities.CreateInstance<NamespacesDriver>(s, options.GuestsFolder),
        });
    }

    /// <summary>Listens and reconciles until the host stops. What is on the wire stays as it is.</summary>
    private sealed class AgentService(AssignmentIntake intake, ReconcileLoop loop, LeaseReporter leases)
        : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            Task.WhenAll(intake.Listen(stoppingToken), loop.Run(stoppingToken), leases.Run(stoppingToken));
    }
}
