using NovaOrleans.Hosts;
using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Conformance;

/// <summary>What the promises of one plug-in are asked with: its server, its host, and tenants of their own.</summary>
/// <param name="plugIn">What is asked.</param>
/// <param name="rows">A folder with the rows of a server that was there before; null for none.</param>
internal sealed class Trial(PlugIn plugIn, string? rows = null) : IAsyncDisposable
{
    /// <summary>Enough for neighbours, few enough to be quick: two guests each on three networks.</summary>
    private const int GuestTenants = 3;
    private const int GuestsEach = 2;

    private readonly TrialClient _client = new();
    private readonly List<Tenant> _guestTenants = [];
    private IReadOnlyList<BindRecord>? _guests;
    private TrialServer? _server;
    private TrialHost? _host;
    private int _tenants;

    public PlugIn PlugIn => plugIn;
    public string? Version { get; private set; }
    public TrialServer Server => _server ?? throw new BrokenPromiseException("no server runs");
    public TrialHost Host => _host ?? throw new BrokenPromiseException("no host runs");
    public IOsService Os => BrokenPromiseException.Given(Server.Services.OsService(plugIn.Path), "get_os_service");
    public IOsApiService OsApi => BrokenPromiseException.Given(Server.Services.OsApiService(plugIn.Path), "get_os_api_service");

    /// <summary>Tenants whose guests are on the host.</summary>
    public IReadOnlyList<Tenant> GuestOwners => _guestTenants;

    public async Task Start(LoadedNetworkServices loaded)
    {
        await StartServer(loaded);
        _host = new TrialHost(Server, plugIn);
        await Poll.Until(
            async () => (await Server.Client.GetGrain<ISchedulerGrain>(0).List())
                .Any(h => h.Name.Value == TrialHost.Name && h.Status == HostStatus.Live
                    && h.Hello?.Services.ContainsKey(plugIn.Path.Value) == true),
            "the scheduler has heard that the compute host is live and has the service");
    }

    /// <summary>The server alone, for what needs no host.</summary>
    public async Task StartServer(LoadedNetworkServices loaded)
    {
        Version = loaded.Services[0].Version;
        _server = await TrialServer.Start(plugIn, loaded, rows);
    }

    /// <summary>A project of its own, with a network where its launches need one made before.</summary>
    public async Task<Tenant> Tenant(bool network = true)
    {
        Tenant tenant = await Conformance.Tenant.Create(this, Interlocked.Increment(ref _tenants));
        if (network)
        {
            await tenant.Make();
        }

        return tenant;
    }

    public Task<Reply> Ask(Question question) => _client.Send(Server.Address, question);

    /// <summary>
    /// What the host was told of two guests each of three tenants, launched without VNICs over the API. They stay until somebody
    /// deletes them.
    /// </summary>
    public async Task<IReadOnlyList<BindRecord>> Guests()
    {
        if (_guests is not null)
        {
            return _guests;
        }

        for (int i = 0; i < GuestTenants; i++)
        {
            Tenant tenant = await Tenant();
            _guestTenants.Add(tenant);
            for (int j = 0; j < GuestsEach; j++)
            {
                await tenant.LaunchGuest();
            }
        }

        HostRecords told = await Server.Client.GetGrain<IHostGrain>(TrialHost.Name).Snapshot();
        _guests = [.. told.Records.OfType<BindRecord>()];
        BrokenPromiseException.Unless(
            _guests.Count == GuestTenants * GuestsEach,
            $"{GuestTenants * GuestsEach} guests were launched and the host was told of {_guests.Count} VNICs");
        return _guests;
    }

    /// <summary>What the host was told, as bindings.</summary>
    public async Task<IReadOnlyList<HostBinding>> Bindings() => [.. (await Guests()).Select(g => g.Binding)];

    /// <summary>A net-agent of the plug-in, loaded anew and on no host.</summary>
    public INetAgent FreshAgent() => plugIn.Load().Services[0].GetNetAgent(new NoLink());

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _client.Dispose();
    }

    /// <summary>Translation asks nobody; whoever does is told so.</summary>
    private sealed class NoLink : IHostLink
    {
        public HostName Host { get; } = HostName.Parse(TrialHost.Name);
        public Ip4Address? Address { get; } = TrialHost.Address;
        public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => Asked();
        public Task UntilVerified(IReadOnlyList<VnicId> vnics) => Asked();
        public Task UntilGone(IReadOnlyList<VnicId> vnics) => Asked();

        private static Task Asked() => throw new BrokenPromiseException("it asks the host's link where it shall only translate");
    }
}
