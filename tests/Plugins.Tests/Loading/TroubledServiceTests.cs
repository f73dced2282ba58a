using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Api.Routes;
using NovaOrleans.Http;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Outcomes;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Loading;

/// <summary>A service that throws, hangs or loops in silo or facade costs its own project an answer, and nobody else anything.</summary>
public sealed class TroubledServiceTests : IDisposable
{
    private static readonly ProjectId s_blue = ProjectId.Parse("blue");
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(500);

    private readonly Troubled _service = new();
    /// <summary>One for what hangs; whatever else is tested may take its time, as a first call on a busy machine does.</summary>
    private readonly NetworkServiceManager _hasty, _patient;

    public TroubledServiceTests() => (_hasty, _patient) = (Manager(s_soon), Manager(Poll.UsualLimit));

    public void Dispose() => _service.Dispose();

    private IOsService Os => _patient.OsService(_service.Path).Value;

    private IOsService HastyOs => _hasty.OsService(_service.Path).Value;

    private NetworkServiceManager Manager(TimeSpan limit) =>
        new(new LoadedNetworkServices([_service], [], []), _service.Path, _ => new Host()) { CallLimit = limit };

    [Fact]
    public async Task What_it_throws_is_a_refusal_that_names_it()
    {
        _service.Trouble = () => throw new InvalidOperationException("no bridge today");
        Refusal? refusal = (await Os.GetDefaultVnicId(s_blue, VnicId.New())).Refusal;
        Assert.Equal(RefusalCode.NetworkServiceFailed, refusal?.Code);
        Assert.Equal(
            "The network service acme.net.troubled failed at 'get_default_vnic_id': InvalidOperationException: no bridge today", refusal?.Reason);
        Assert.Equal(RefusalCode.NetworkServiceFailed, (await Os.BindVnicsToPorts(s_blue, [])).Refusal?.Code);
    }

    [Fact]
    public async Task A_door_that_cannot_be_opened_is_one_that_throws()
    {
        _service.Opening = () => throw new NotSupportedException("no licence");
        Assert.Contains("no licence", (await Os.BindVnicsToPorts(s_blue, [])).Refusal?.Reason, StringComparison.Ordinal);
    }

    /// <summary>What the core threw through it means something to who asks: a fault of the ledger may be repeated.</summary>
    [Fact]
    public async Task An_operating_fault_goes_through_it_as_it_is()
    {
        _service.Trouble = () => throw new OperatingFaultException("the disk is full", mayRetry: true);
        var fault = await Assert.ThrowsAsync<OperatingFaultException>(() => Os.BindVnicsToPorts(s_blue, []));
        Assert.Equal(("the disk is full", true), (fault.Message, fault.MayRetry));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_does_not_come_back_is_left_after_its_time_and_later_not_called_until_it_does(bool blocksItsThread)
    {
        _service.Trouble = blocksItsThread ? _service.Block : () => _service.Released;
        for (int call = 0; call < ServiceCalls.MostOverdue; call++)
        {
            var late = await Assert.ThrowsAsync<OperatingFaultException>(() => HastyOs.BindVnicsToPorts(s_blue, []));
            Assert.Contains("had not ended 'bind_vnics_to_ports' after 0.5 s", late.Message, StringComparison.Ordinal);
            Assert.True(late.MayRetry);
        }

        var refused = await Assert.ThrowsAsync<OperatingFaultException>(() => HastyOs.BindVnicsToPorts(s_blue, []));
        Assert.Contains("4 calls of it have not ended", refused.Message, StringComparison.Ordinal);

        _service.Trouble = null;
        _service.Release();
        await Poll.Until(
            async () =>
            {
                try
                {
                    return !(await HastyOs.BindVnicsToPorts(s_blue, [])).Refused;
                }
                catch (OperatingFaultException)
                {
                    return false;
                }
            },
            "it is called again");
    }

    [Fact]
    public async Task A_route_that_hangs_is_a_fault_and_its_connection_is_not_used_again()
    {
        var map = new NetworkServiceRouteMap(_service);
        _hasty.OsApiService(_service.Path).Value.MapRoutes(map);
        ApiRoute route = map.Routes[0];
        var context = new DefaultHttpContext();
        _service.Trouble = () => _service.Released;
        await Assert.ThrowsAsync<OperatingFaultException>(() => route.Handler(RequestIn(context)));
        Assert.Equal("close", context.Response.Headers.Connection);
        _service.Trouble = null;
        await Poll.Until(async () => await Answers(route) == 204, "the route answers again");
    }

    [Fact]
    public void A_step_at_the_start_that_does_not_end_is_given_up()
    {
        using var never = new ManualResetEventSlim();
        TimeoutException late = Assert.Throws<TimeoutException>(() => ServiceCalls.AtStart(
            () =>
            {
                never.Wait(Poll.UsualLimit);
                return true;
            },
            s_soon));
        Assert.Equal("it had not ended after 0.5 s", late.Message);
        Assert.Throws<InvalidOperationException>(() => ServiceCalls.AtStart<bool>(() => throw new InvalidOperationException("as it was")));
        never.Set();
    }

    /// <summary>Null where even half a second was too short, on a machine that has other work.</summary>
    private static async Task<int?> Answers(ApiRoute route)
    {
        try
        {
            return (await route.Handler(RequestIn(new DefaultHttpContext()))).Status;
        }
        catch (OperatingFaultException)
        {
            return null;
        }
    }

    private static ApiRequest RequestIn(HttpContext context) =>
        new(context, s_blue, isAdmin: false, new BodyReader(new BodyNode(BodyKind.Object)), key: null);

    private sealed class Host : INetworkServiceHost
    {
        public INetworkLedger Ledger => throw new NotSupportedException("it is not asked");
        public IGrainFactory Grains => throw new NotSupportedException("it is not asked");
        public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();
        public ILoggerFactory Logs => NullLoggerFactory.Instance;
    }

    private sealed class Troubled : INetworkService, IOsService, IOsApiService, IDisposable
    {
        private readonly ManualResetEventSlim _block = new();
        private readonly TaskCompletionSource _released = new();
        public Action Opening { get; set; } = () => { };
        public Func<Task>? Trouble { get; set; }
        public Task Released => _released.Task;
        public ServicePath Path { get; } = ServicePath.Parse("acme.net.troubled");
        public string Version => "1.0";
        public int ContractVersion => NetworkServiceContract.Version;

        public Task Block()
        {
            _block.Wait(Poll.UsualLimit);
            return Task.CompletedTask;
        }

        public void Release()
        {
            _block.Set();
            _released.TrySetResult();
        }

        public IOsService GetOsService(INetworkServiceHost host)
        {
            Opening();
            return this;
        }

        public IOsApiService GetOsApiService(INetworkServiceHost host) => this;
        public INetAgent GetNetAgent(IHostLink link) => throw new NotSupportedException("no agent runs here");

        public void MapRoutes(INetworkRoutes routes) => routes.Map(
            HttpMethod.Get, "things", Role.Reader,
            async _ =>
            {
                await Ask();
                return ApiAnswer.NoContent;
            },
            new RouteDescription("Things"));

        public async Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics)
        {
            await Ask();
            return Outcome.Done;
        }

        public async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic)
        {
            await Ask();
            return vnic;
        }

        public async Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics)
        {
            await Ask();
            return Outcome.Done;
        }

        public Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project) => Task.FromResult<VpnEndpoint?>(null);

        public void Dispose()
        {
            Release();
            _block.Dispose();
        }

        private Task Ask() => Trouble?.Invoke() ?? Task.CompletedTask;
    }
}
