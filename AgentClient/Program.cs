using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Agent;
using NovaOrleans.Hosting;
using NovaOrleans.NetworkServices.Loading;

return await AgentCommandLine.Invoke(args, Run);

static async Task<int> Run(AgentOptions given, CancellationToken stop)
{
    ValidateOptionsResult check = new AgentOptionsValidator().Validate(null, given);
    if (check.Failed)
    {
        await Console.Error.WriteLineAsync(string.Join('\n', check.Failures));
        return 2;
    }

    if (given is { Mode: AgentMode.CleanUp, Fake: false } && !Processes.IsRoot)
    {
        await Console.Error.WriteLineAsync("--cleanup: needs root, since it takes links and processes of this host away.");
        return 2;
    }

    AgentOptions options = given with { Fake = given.Fake || !Processes.IsRoot };
    if (options.Fake)
    {
        await Console.Error.WriteLineAsync(given.Fake
            ? "agent: the host is in memory, as asked for; no packet moves"
            : "agent: without root the kernel cannot be touched: the host is in memory, no packet moves");
    }

    HostApplicationBuilder builder = Host(options);
    LoadedNetworkServices loaded = NetworkServiceLoader.Load(Locations(options));
    foreach (LoadFault fault in loaded.Faults)
    {
        await Console.Error.WriteLineAsync($"agent: {fault}");
    }

    builder.Services.AddNovaAgent(options, loaded.Services);
    using IHost host = builder.Build();
    if (options.Mode == AgentMode.CleanUp)
    {
        return await host.Services.GetRequiredService<CleanUp>().Run(Console.Out, stop) ? 0 : 1;
    }

    if (options.Mode != AgentMode.Run)
    {
        // A session looks by itself; without one the net-agents would not know where this host is.
        await host.Services.GetRequiredService<HostIdentity>().Look(stop);
    }

    DryRun look = host.Services.GetRequiredService<DryRun>();
    await (options.Mode switch
    {
        AgentMode.Plan => look.Plan(Console.Out, stop),
        AgentMode.Observe => look.Observe(Console.Out, stop),
        _ => RunWithInput(host, options.EndsWithInput, stop),
    });
    return 0;
}

static async Task RunWithInput(IHost host, bool endsWithInput, CancellationToken stop)
{
    IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
    if (endsWithInput)
    {
        // On a thread of its own, for reading blocks; the process does not wait for it.
        Thread reading = new(StopWithInput) { IsBackground = true };
        reading.Start();
    }

    await host.RunAsync(stop);

    void StopWithInput()
    {
        Console.OpenStandardInput().CopyTo(Stream.Null);
        lifetime.StopApplication();
    }
}

static HostApplicationBuilder Host(AgentOptions options)
{
    // The flags are read already: the builder must not read them again.
    HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder([HostArguments.NoReload]);
    builder.Services.AddSystemd();
    builder.Services.AddAgentTraces(options.OtlpEndpoint);
    builder.Logging.ClearProviders();
    _ = options.LogsJson
        ? builder.Logging.AddJsonConsole(line =>
            (line.UseUtcTimestamp, line.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"))
        : builder.Logging.AddSimpleConsole(line => line.TimestampFormat = "HH:mm:ss ");
    builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    builder.Logging.SetMinimumLevel(options.Mode == AgentMode.Run ? LogLevel.Information : LogLevel.Warning);
    builder.Logging.AddFilter("Orleans", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning);
    return builder;
}

static NetworkServiceLocations Locations(AgentOptions options) => NetworkServiceLocations.From(
    new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        [NetworkServiceLocations.ConfigurationFileOption] = options.NetworkServiceConf,
        [NetworkServiceLocations.ServicesFolderOption] = options.NetworkServicePath,
    }).Build());
