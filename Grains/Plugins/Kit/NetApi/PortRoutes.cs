using NovaOrleans.Http;
using NovaOrleans.Ledger;
using NovaOrleans.Networks;
using NovaOrleans.Pools;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// A network's ports, which for these services are fixed IPs, and what is plugged into them (rows R13 to R20).
/// </summary>
internal sealed class PortRoutes(ServiceGrains grains, NetworkAccess access)
{
    private const string Ports = "networks/{id}/ports";
    private const string One = Ports + "/{port}";
    private const string Attachment = One + "/attachment";
    private const string CreateExample = """{"port":{"address":"10.1.0.7"}}""";
    private const string PlugExample = """{"attachment":{"id":"0199a5f2-3c41-7d10-9b1e-5a6f0c2d8e11"}}""";

    public void Map(INetworkRoutes routes)
    {
        routes.Map(
            HttpMethod.Get, Ports, Role.Reader, r => List(r, detail: false),
            new("Lists a network's ports, all or those that fit the query.") { Query = ListFilters.OfPorts });
        routes.Map(
            HttpMethod.Get, Ports + "/detail", Role.Reader, r => List(r, detail: true),
            new("Lists a network's ports in full, all or those that fit the query.") { Query = ListFilters.OfPorts });
        routes.Map(
            HttpMethod.Post, Ports, Role.Member, Create,
            new("Allocates a port: the next free address, or the one asked for.", CreateExample));
        routes.Map(HttpMethod.Get, One, Role.Reader, Show, new("Shows a port."));
        routes.Map(HttpMethod.Get, One + "/detail", Role.Reader, Show, new("Shows a port."));
        routes.Map(HttpMethod.Put, One, Role.Member, Change, new("Cuts or restores a port's traffic.", """{"port":{"state":"DOWN"}}"""));
        routes.Map(HttpMethod.Delete, One, Role.Member, Delete, new("Frees a port that no ethernet card is plugged into."));
        routes.Map(HttpMethod.Get, Attachment, Role.Reader, ShowAttachment, new("Shows what is plugged into a port."));
        routes.Map(HttpMethod.Put, Attachment, Role.Member, Plug, new("Plugs an ethernet card into a port.", PlugExample));
        routes.Map(HttpMethod.Delete, Attachment, Role.Member, Unplug, new("Unplugs a port."));
    }

    private async Task<ApiAnswer> List(ApiRequest request, bool detail)
    {
        if (!(await access.Readable(request)).Try(out NetworkView? network, out Refusal? refusal)
            || !request.ReadPage().Try(out Page? page, out refusal)
            || !request.ReadPortFilter(network.Id).Try(out PortFilter? filter, out refusal))
        {
            return refusal;
        }

        IReadOnlyList<PortView> ports = await PortPages.Of(grains.Query, network, request.Scope, page, filter);
        return ApiAnswer.Ok(writer =>
        {
            PortResource.WriteList(writer, ports, detail);
            writer.WriteNext(request, "ports", page, ports.Count, ports.Count > 0 ? ports[^1].Id.Value : default);
        });
    }

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("port");
        Ip4Address? address = body.Ip4("address");
        string? state = PortResource.ReadState(body);
        if (body.Faulty(out Refusal? refusal)
            || !(await access.Readable(request)).Try(out NetworkView? network, out refusal))
        {
            return refusal;
        }

        Outcome<PortView> made = await grains.Pool(network.Id).CreatePort(
            new CreatePort(PortId.New(), request.Project, request.Actor, address, request.Key));
        if (!made.Refused && state == PortResource.Down)
        {
            made = await grains.Pool(network.Id).SetUp(made.Value.Id, up: false, request.Actor);
        }

        return made.Try(out PortView? port, out refusal)
            ? ApiAnswer.Created(writer => PortResource.Write(writer, request, port))
            : refusal;
    }

    private async Task<ApiAnswer> Show(ApiRequest request) =>
        (await Find(request)).Try(out PortView? port, out Refusal? refusal)
            ? ApiAnswer.Ok(writer => PortResource.Write(writer, request, port))
            : refusal;

    private async Task<ApiAnswer> Change(ApiRequest request)
    {
        BodyReader body = request.Body.Root("port");
        body.Require("state", PortResource.States);
        string? state = PortResource.ReadState(body);
        if (body.Faulty(out Refusal? refusal) || !(await Find(request)).Try(out PortView? port, out refusal))
        {
            return refusal;
        }

        Outcome<PortView> changed = await grains.Pool(port.Network).SetUp(
            port.Id, state != PortResource.Down, request.Actor);
        return changed.Refusal is { } refused ? refused : ApiAnswer.NoContent;
    }

    private async Task<ApiAnswer> Delete(ApiRequest request) =>
        (await Find(request)).Try(out PortView? port, out Refusal? refusal)
            ? Done(await grains.Pool(port.Network).DeletePort(port.Id, request.Actor))
            : refusal;

    private async Task<ApiAnswer> ShowAttachment(ApiRequest request) =>
        (await Find(request)).Try(out PortView? port, out Refusal? refusal)
            ? ApiAnswer.Ok(writer => PortResource.WriteAttachment(writer, port))
            : refusal;

    private async Task<ApiAnswer> Plug(ApiRequest request)
    {
        BodyReader body = request.Body.Root("attachment");
        body.Require("id", "the UUID of an ethernet card");
        Guid? id = body.Uuid("id");
        if (body.Faulty(out Refusal? refusal) || !(await Find(request)).Try(out PortView? port, out refusal))
        {
            return refusal;
        }

        var vnic = new VnicId(id ?? default);
        if (await grains.FindVnic(vnic, port.Project) is not { } card)
        {
            return Refusal.NotFound(RefusalCode.VnicNotFound, "ethernet card", vnic);
        }

        Outcome<PortView> plugged = await grains.Pool(port.Network).Plug(
            new PlugVnic(card.Id, card.Mac, card.Project, request.Actor, port.Id));
        return plugged.Refusal is { } refused ? refused : ApiAnswer.NoContent;
    }

    private async Task<ApiAnswer> Unplug(ApiRequest request) =>
        (await Find(request)).Try(out PortView? port, out Refusal? refusal)
            ? Done(await grains.Pool(port.Network).Unplug(port.Id, request.Actor))
            : refusal;

    private async Task<Outcome<PortView>> Find(ApiRequest request)
    {
        if (!(await access.Readable(request)).Try(out NetworkView? network, out Refusal? refusal))
        {
            return refusal;
        }

        if (Guid.TryParseExact(request.Route("port"), "D", out Guid id))
        {
            Outcome<PortView> port = await grains.Query.Port(network.Id, new PortId(id));
            if (port.Refused || request.Scope is not { } project || port.Value.Project == project)
            {
                return port;
            }
        }

        return Refusal.NotFound(RefusalCode.PortNotFound, "port", BodyText.Shown(request.Route("port")));
    }

    private static ApiAnswer Done(Outcome outcome) => outcome.Refusal is { } refusal ? refusal : ApiAnswer.NoContent;
}
