using NovaOrleans.Http;
using NovaOrleans.Ledger;
using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>Single addresses: who has one, and keeping one out of the pool (rows R23). For operators.</summary>
internal sealed class FixedIpRoutes(ServiceGrains grains, NetworkAccess access)
{
    public void Map(INetworkRoutes routes)
    {
        routes.Map(
            HttpMethod.Get, "networks/{id}/fixed_ips", Role.Admin, List,
            new("Lists a network's addresses that are not free: who has them, and those that rest or are reserved."));
        routes.Map(HttpMethod.Get, "fixed_ips/{address}", Role.Admin, Show, new("Shows who has an address."));
        routes.Map(
            HttpMethod.Post, "fixed_ips/{address}/action", Role.Admin, Act,
            new("Keeps an address out of the pool, or gives it back.", """{"reserve":null}"""));
    }

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!(await access.Readable(request)).Try(out NetworkView? network, out Refusal? refusal)
            || !request.ReadPage().Try(out Page? page, out refusal))
        {
            return refusal;
        }

        IReadOnlyList<PortView> ports = await grains.Query.Ports(network.Id, page);
        IReadOnlyList<VnicView> cards = await grains.Query.VnicsById([.. ports.Select(p => p.Vnic).OfType<VnicId>().Distinct()]);
        Dictionary<VnicId, VnicView> byId = cards.ToDictionary(c => c.Id);
        return ApiAnswer.Ok(writer =>
        {
            writer.BeginList("fixed_ips", "fixed_ip");
            foreach (PortView port in ports)
            {
                writer.BeginItem();
                WriteRow(writer, port, port.Vnic is { } vnic ? byId.GetValueOrDefault(vnic) : null);
                writer.EndItem();
            }

            writer.EndList();
            writer.WriteNext(request, "fixed_ips", page, ports.Count, ports.Count > 0 ? ports[^1].Id.Value : default);
        });
    }

    /// <summary>nova's flags of the row, and the phase that they follow from.</summary>
    private static void WriteRow(ResourceWriter writer, PortView port, VnicView? card)
    {
        writer.Field("id", port.Id.Value);
        writer.Field("address", port.Address?.ToString());
        writer.Field("address_v6", port.AddressV6?.ToString());
        writer.Field("allocated", port.IsAllocated);
        writer.Field("leased", port.LeasedUntil is not null);
        writer.Field("leased_until", port.LeasedUntil);
        writer.Field("reserved", port.Phase == PortPhase.Reserved);
        writer.Field("phase", PortResource.Phase(port.Phase));
        writer.Field("project_id", port.Phase == PortPhase.Reserved ? null : port.Project.Value);
        writer.Field("ethernet_card_id", port.Vnic?.Value);
        writer.Field("instance_id", card?.Instance?.Value);
        writer.Field("host", card?.Host?.Value);
    }

    private async Task<ApiAnswer> Show(ApiRequest request)
    {
        if (!(await Find(request)).Try(out Found? found, out Refusal? refusal))
        {
            return refusal;
        }

        PortView? port = await PortPages.WithAddress(grains.Query, found.Network.Id, found.Address);
        VnicView? card = port?.Vnic is { } vnic ? await grains.FindVnic(vnic, null) : null;
        return ApiAnswer.Ok(writer =>
        {
            writer.BeginRoot("fixed_ip");
            writer.Field("address", found.Address.ToString());
            writer.Field("cidr", found.Network.Subnet4?.Cidr.ToString());
            writer.Field("network_id", found.Network.Id.Value);
            writer.Field("host", card?.Host?.Value);
            writer.Field("hostname", card?.Name);
            writer.Field("phase", port is null ? "free" : PortResource.Phase(port.Phase));
            writer.Field("allocated", port is { IsAllocated: true });
            writer.Field("leased", port?.LeasedUntil is not null);
            writer.Field("leased_until", port?.LeasedUntil);
            writer.Field("reserved", port?.Phase == PortPhase.Reserved);
            writer.Field("port_id", port?.Id.Value);
            writer.Field("ethernet_card_id", port?.Vnic?.Value);
            writer.EndRoot();
        });
    }

    private async Task<ApiAnswer> Act(ApiRequest request)
    {
        BodyReader body = request.Body;
        body.Ignore("reserve", "unreserve");
        if (body.Has("reserve") == body.Has("unreserve"))
        {
            body.Reject("action", "Give one action: reserve or unreserve.");
        }

        if (body.Faulty(out Refusal? refusal) || !(await Find(request)).Try(out Found? found, out refusal))
        {
            return refusal;
        }

        IFixedIpPoolGrain pool = grains.Pool(found.Network.Id);
        Outcome done = body.Has("reserve")
            ? await pool.Reserve(found.Address, request.Actor)
            : await pool.Unreserve(found.Address, request.Actor);
        return done.Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }

    /// <summary>A service's networks do not overlap, so that an address belongs to one at most.</summary>
    private async Task<Outcome<Found>> Find(ApiRequest request)
    {
        string text = request.Route("address");
        if (!Ip4Address.TryParse(text, out Ip4Address address))
        {
            return new Refusal(
                RefusalCode.MalformedRequest,
                $"The address in the URL was '{BodyText.Shown(text)}'; accepted is {Ip4Address.Accepts}.",
                Field: "address");
        }

        var page = new Page();
        IReadOnlyList<NetworkView> networks;
        do
        {
            networks = await grains.Query.Networks(grains.Service, request.Scope, page);
            if (networks.FirstOrDefault(n => n.Subnet4?.Cidr.Contains(address) == true) is { } network)
            {
                return new Found(network, address);
            }

            page = page with { Marker = networks.Count > 0 ? networks[^1].Id.Value : null };
        }
        while (networks.Count == page.Limit);

        return new Refusal(
            RefusalCode.NetworkNotFound,
            $"No network of {grains.Service} has the address {address}.",
            address.ToString());
    }

    private sealed record Found(NetworkView Network, Ip4Address Address);
}
