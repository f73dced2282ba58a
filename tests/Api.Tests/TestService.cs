using System.Text;
using NovaOrleans.Http;
using NovaOrleans.Ledger;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api;

/// <summary>
/// A network service for these tests: cards of the ledger's, and routes that give back what they were given, so that
/// every kind of value crosses the wire in both formats.
/// </summary>
internal sealed class TestService(string path) : INetworkService, IOsApiService, IOsService
{
    private INetworkServiceHost? _host;

    public ServicePath Path { get; } = ServicePath.Parse(path);
    public string Version => "1.0.0";
    public int ContractVersion => NetworkServiceContract.Version;

    private IGrainFactory Grains => _host!.Grains;

    public IOsService GetOsService(INetworkServiceHost host)
    {
        _host = host;
        return this;
    }

    public IOsApiService GetOsApiService(INetworkServiceHost host)
    {
        _host = host;
        return this;
    }

    public INetAgent GetNetAgent(IHostLink link) => throw new NotSupportedException("The facade opens no net-agent.");

    public void MapRoutes(INetworkRoutes routes)
    {
        routes.Map(HttpMethod.Get, "networks", Role.Reader, _ => Task.FromResult(List()), new RouteDescription("Two networks"));
        var echo = new RouteDescription("Gives back the network", """{"label": "a"}""");
        routes.Map(HttpMethod.Post, "networks", Role.Member, r => Task.FromResult(Echo(r)), echo);
        routes.Map(HttpMethod.Post, "ethernet_cards", Role.Member, CreateCard, new RouteDescription("A card of the ledger's"));
        routes.Map(HttpMethod.Get, "who", Role.Reader, r => Task.FromResult(Who(r)), new RouteDescription("Who asks", "no JSON"));
        routes.Map(HttpMethod.Get, "refusals/{code}", Role.Reader, r => Task.FromResult(Refuse(r)), new RouteDescription("Each refusal"));
        routes.Map(HttpMethod.Get, "faults/{kind}", Role.Reader, r => Fail(r.Route("kind")), new RouteDescription("Each kind of wrong"));
        routes.Map(HttpMethod.Post, "faults/{kind}", Role.Member, r => Fail(r.Route("kind")), new RouteDescription("The same of a create"));
        routes.Map(HttpMethod.Get, "own", Role.Reader, Own, new RouteDescription("A format of its own"));
    }

    public async Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics)
    {
        IReadOnlyList<VnicView> known = await Grains.GetGrain<ILedgerQueryGrain>(0).VnicsById(vnics);
        foreach (VnicId id in vnics)
        {
            if (known.FirstOrDefault(v => v.Id == id && v.Project == project && v.Service == Path) is not { } vnic)
            {
                return Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", id);
            }

            if (vnic.Instance is { } instance)
            {
                return new Refusal(RefusalCode.AlreadyAttached, $"VNIC {id} is attached to instance {instance}.", id.ToString());
            }
        }

        return Outcome.Done;
    }

    public async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic)
    {
        Outcome<VnicView> card = await Grains.GetGrain<IVnicGrain>(vnic.Value).Create(new CreateCard(Path, project, "test"));
        return card.Try(out VnicView? made, out Refusal? refusal) ? made.Id : refusal;
    }

    public Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics) => Task.FromResult(Outcome.Done);

    /// <summary>The red service has a VPN, the blue one none.</summary>
    public Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project) =>
        Task.FromResult(Path.ShortName == "red" ? new VpnEndpoint("203.0.113.1", 1000) : null);

    private async Task<ApiAnswer> CreateCard(ApiRequest request)
    {
        BodyReader body = request.Body.Root("ethernet_card");
        MacAddress? mac = body.Mac("mac_address");
        if (body.Faulty(out Refusal? refusal)
            || !(await Grains.GetGrain<IVnicGrain>(Guid.CreateVersion7()).Create(
                new CreateCard(Path, request.Project, request.Actor, null, mac, request.Key))).Try(out VnicView? card, out refusal))
        {
            return refusal;
        }

        return ApiAnswer.Created(w =>
        {
            w.BeginRoot("ethernet_card");
            w.Field("id", card.Id.Value);
            w.Field("mac_address", card.Mac.ToString());
            w.EndRoot();
        });
    }

    private static ApiAnswer List() => ApiAnswer.Ok(w =>
    {
        w.BeginList("networks", "network");
        foreach (string label in (string[])["red", "blue"])
        {
            w.BeginItem();
            w.Field("label", label);
            w.EndItem();
        }

        w.EndList();
    });

    private static ApiAnswer Echo(ApiRequest request)
    {
        BodyReader body = request.Body.Root("network");
        body.Require("label", Names.LabelAccepts);
        string? label = body.Label("label");
        Cidr4? cidr = body.Cidr4("cidr");
        VlanTag? vlan = body.Vlan("vlan");
        string? bridge = body.Link("bridge");
        bool? multiHost = body.Flag("multi_host");
        IReadOnlyList<Ip4Address>? dns = body.Values<Ip4Address>("dns", Ip4Address.TryParse, Ip4Address.Accepts);
        if (body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        return ApiAnswer.Created(w =>
        {
            w.BeginRoot("network");
            w.Field("label", label);
            w.BeginList("dns", "server");
            foreach (Ip4Address server in dns ?? [])
            {
                w.Item(server.ToString());
            }

            w.EndList();
            w.Field("cidr", cidr?.ToString());
            w.Field("vlan", vlan?.Value);
            w.Field("bridge", bridge);
            w.Field("multi_host", multiHost);
            w.EndRoot();
        });
    }

    private static ApiAnswer Who(ApiRequest request) => ApiAnswer.Ok(w =>
    {
        w.BeginRoot("who");
        w.Field("project", request.Project.Value);
        w.Field("scope", request.Scope?.Value);
        w.Field("admin", request.IsAdmin);
        w.EndRoot();
    });

    private static ApiAnswer Refuse(ApiRequest request) => new Refusal(
        Enum.Parse<RefusalCode>(request.Route("code")), "It is so.", "the subject", "the_field",
        new Dictionary<string, string> { ["size"] = "253", ["next_free_at"] = "soon", ["code"] = "not mine" })
    {
        More = [new Refusal(RefusalCode.MacInUse, "And so.", Field: "another_field")],
    };

    private static async Task<ApiAnswer> Own(ApiRequest request)
    {
        await request.Context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes("as I like it"));
        return ApiAnswer.NoContent;
    }

    private static Task<ApiAnswer> Fail(string kind) => throw (kind switch
    {
        "operating" => new OperatingFaultException("the disk is full", mayRetry: true),
        "timeout" => new TimeoutException(),
        _ => new InvalidOperationException("secret of the inside"),
    });
}
