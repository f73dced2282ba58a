using NovaOrleans.Http;
using NovaOrleans.Ledger;
using NovaOrleans.Networks;
using NovaOrleans.Pools;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>Networks: list, create, show, change, delete, and whose they are (rows R2 to R8).</summary>
internal sealed class NetworkRoutes(
    ServiceGrains grains, NetworkAccess access, NetworkDesign design, NetworkActions actions)
{
    private const string CreateExample = """{"network":{"label":"blue","cidr":"10.1.0.0/24"}}""";
    private const string ChangeExample = """{"network":{"label":"red"}}""";

    /// <summary>What is fixed when a network is made.</summary>
    private static readonly string[] s_fixed =
    [
        "id", "uuid", "cidr", "cidr_v6", "netmask", "netmask_v6", "broadcast", "gateway", "gateway_v6", "dhcp_server",
        "dhcp_start", "enable_dhcp", "allowed_start", "allowed_end", "fixed_cidr", "vlan", "bridge", "bridge_interface",
        "mtu", "injected", "multi_host", "share_address", "priority", "firewall", "vpn_private_address",
        "dhcp_domain", "dhcp_lease_time",
    ];

    public void Map(INetworkRoutes routes)
    {
        routes.Map(HttpMethod.Get, "networks", Role.Reader, r => List(r, detail: false), new("Lists networks."));
        routes.Map(HttpMethod.Get, "networks/detail", Role.Reader, r => List(r, detail: true), new("Lists networks in full."));
        routes.Map(HttpMethod.Post, "networks", Role.Member, Create, new("Creates one or several networks at once.", CreateExample));
        routes.Map(HttpMethod.Get, "networks/{id}", Role.Reader, Show, new("Shows a network."));
        routes.Map(HttpMethod.Get, "networks/{id}/detail", Role.Reader, ShowDetail, new("Shows a network with its ports."));
        routes.Map(
            HttpMethod.Put, "networks/{id}", Role.Member, Change,
            new("Changes a network's label, DNS servers, VPN endpoint, quarantine, host or project.", ChangeExample));
        routes.Map(HttpMethod.Delete, "networks/{id}", Role.Member, Delete, new("Deletes a network of which no port is held."));
        routes.Map(
            HttpMethod.Post, "networks/{id}/action", Role.Admin, actions.Act,
            new("Gives a network to a project or a host, or takes it away.", """{"disassociate":null}"""));
    }

    private async Task<ApiAnswer> List(ApiRequest request, bool detail)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<NetworkView> networks = await grains.Query.Networks(grains.Service, request.Scope, page);
        return ApiAnswer.Ok(writer =>
        {
            NetworkResource.WriteList(writer, request, networks.Where(n => access.Sees(request, n)), detail);
            Guid last = networks.Count > 0 ? networks[^1].Id.Value : default;
            writer.WriteNext(request, "networks", page, networks.Count, last);
        });
    }

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("network");
        ProjectId? project = ProjectOf(request, body);
        IReadOnlyList<NewNetwork> networks = NetworkPlan.Read(design, grains.Service, project, body);
        if (body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<IReadOnlyList<NetworkView>> made = await grains.Range.Create(
            new CreateNetworks(grains.Service, request.Actor, request.Key, networks) { HeldToQuota = !request.IsAdmin });
        return made.Try(out IReadOnlyList<NetworkView>? created, out refusal)
            ? ApiAnswer.Created(writer =>
            {
                if (created is [{ } one])
                {
                    NetworkResource.Write(writer, request, one);
                }
                else
                {
                    NetworkResource.WriteList(writer, request, created, detail: true);
                }
            })
            : refusal;
    }

    /// <summary>
    /// The caller's own project; an admin may name another, or none for a network that is shared or taken later.
    /// </summary>
    private static ProjectId? ProjectOf(ApiRequest request, BodyReader body)
    {
        ProjectId? named = body.Project("project_id");
        if (!body.Has("project_id"))
        {
            return request.Project;
        }

        if (!request.IsAdmin && named != request.Project)
        {
            body.Reject(
                "project_id", $"Only an admin makes networks for another project than {request.Project}, or for none.");
        }

        return named;
    }

    private async Task<ApiAnswer> Show(ApiRequest request) =>
        (await access.Readable(request)).Try(out NetworkView? network, out Refusal? refusal)
            ? ApiAnswer.Ok(writer => NetworkResource.Write(writer, request, network))
            : refusal;

    private async Task<ApiAnswer> ShowDetail(ApiRequest request)
    {
        if (!(await access.Readable(request)).Try(out NetworkView? network, out Refusal? refusal)
            || !request.ReadPage().Try(out Page? page, out refusal))
        {
            return refusal;
        }

        IReadOnlyList<PortView> ports = await PortPages.Of(grains.Query, network, request.Scope, page);
        return ApiAnswer.Ok(writer => NetworkResource.WriteDetail(writer, request, network, ports));
    }

    private async Task<ApiAnswer> Change(ApiRequest request)
    {
        BodyReader body = request.Body.Root("network");
        foreach (string field in s_fixed.Where(body.Has))
        {
            body.Ignore(field);
            body.Reject(field, $"Field '{field}' is fixed when a network is made.");
        }

        DnsServers? dns = NetworkFields.Dns(body);
        var wanted = new UpdateNetwork(request.Actor, NetworkFields.Label(body))
        {
            VpnPublicAddress = NetworkFields.VpnPublicAddress(body),
            VpnPublicPort = body.Integer("vpn_public_port", 1, 65535),
            QuarantineSeconds = NetworkFields.QuarantineSeconds(body),
            Host = body.Host("host"),
        };
        wanted = wanted with { ClearHost = body.Has("host") && wanted.Host is null };
        ProjectId? project = body.Project("project_id");
        bool moves = body.Has("project_id");
        if (moves && body.FieldNames.Count() > 1)
        {
            body.Reject("project_id", "Change the project in a request of its own.");
        }

        if (body.Faulty(out Refusal? refusal)
            || !(await access.Changeable(request)).Try(out NetworkView? network, out refusal))
        {
            return refusal;
        }

        if (dns is { NamesHost: true } && network.Subnet4?.DhcpServer is null)
        {
            return new Refusal(
                RefusalCode.MalformedRequest, "Without DHCP no host serves DNS for the network.", network.Id.ToString(), "dns1");
        }

        Outcome<NetworkView> changed = moves
            ? await actions.Move(request, network, project)
            : await actions.Update(request, network, wanted with { Dns = dns?.At(network.Subnet4?.DhcpServer) });
        return changed.Try(out NetworkView? now, out refusal)
            ? ApiAnswer.Ok(writer => NetworkResource.Write(writer, request, now))
            : refusal;
    }

    private async Task<ApiAnswer> Delete(ApiRequest request)
    {
        if (!(await access.Changeable(request)).Try(out NetworkView? network, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome deleted = await grains.Network(network.Id).Delete(request.Actor);
        return deleted.Refusal is { } refused ? refused : ApiAnswer.NoContent;
    }
}
