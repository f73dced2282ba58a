using NovaOrleans.Api.Routes;
using NovaOrleans.Instances;

namespace NovaOrleans.Api.Servers;

/// <summary>
/// Compute API 1.1's servers (S80 to S84). A create with <c>vnics</c> is the new form, in which they are mandatory; a
/// create without the field is the legacy form, which gets one new VNIC from the project's network service.
/// </summary>
internal sealed class ServerRoutes(IGrainFactory grains, ServerCreation creation, ServerReader reader) : ICoreRoutes
{
    private const string Example =
        """{"server": {"name": "web", "vnics": ["0197a1c4-0000-7000-8000-000000000001"], "host": "node1"}}""";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Post, ServerResource.Collection, Access.Member, Create,
            new("Launch one or several instances", Example)),
        new(HttpMethod.Get, ServerResource.Collection, Access.Reader, List, new("The instances, in short")),
        new(HttpMethod.Get, $"{ServerResource.Collection}/detail", Access.Reader, Detail,
            new("The instances, in full")),
        new(HttpMethod.Get, $"{ServerResource.Collection}/{{id}}", Access.Reader, Show, new("One instance")),
        new(HttpMethod.Get, $"{ServerResource.Collection}/{{id}}/ips", Access.Reader, Addresses,
            new("An instance's addresses")),
        new(HttpMethod.Get, $"{ServerResource.Collection}/{{id}}/ips/{{network}}", Access.Reader, AddressesIn,
            new("An instance's addresses in one network, by its label or id")),
        new(HttpMethod.Get, $"{ServerResource.Collection}/{{id}}/os-virtual-interfaces", Access.Reader, Interfaces,
            new("An instance's NICs")),
        new(HttpMethod.Delete, $"{ServerResource.Collection}/{{id}}", Access.Member, Delete,
            new("Delete an instance")),
    ];

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        if (!ServerBody.Read(request.Body).Try(out ServerBody? body, out Refusal? refusal)
            || !(await creation.Create(request, body)).Try(out IReadOnlyList<InstanceView>? made, out refusal))
        {
            return refusal;
        }

        IReadOnlyList<ServerDetails> servers = await reader.Of(made);
        if (body.Launches.Count > 1)
        {
            return ApiAnswer.Accepted(w => WriteList(w, servers, s => ServerResource.WriteFields(w, request, s)));
        }

        request.Context.Response.Headers.Location = request.Href(ServerResource.PathOf(made[0].Id));
        return ApiAnswer.Accepted(w => WriteOne(w, request, servers[0]));
    }

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<InstanceView> instances = await reader.Page(request.Scope, page);
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("servers", "server");
            foreach (InstanceView instance in instances)
            {
                w.BeginItem();
                w.Field("id", instance.Id.Value);
                w.Field("name", instance.Name);
                ServerResource.WriteLinks(w, request, instance.Id);
                w.EndItem();
            }

            w.EndList();
            w.WriteNext(request, "servers", page, instances.Count, LastOf(instances));
        });
    }

    private async Task<ApiAnswer> Detail(ApiRequest request)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<InstanceView> instances = await reader.Page(request.Scope, page);
        IReadOnlyList<ServerDetails> servers = await reader.Of(instances);
        return ApiAnswer.Ok(w =>
        {
            WriteList(w, servers, s => ServerResource.WriteFields(w, request, s));
            w.WriteNext(request, "servers", page, instances.Count, LastOf(instances));
        });
    }

    private async Task<ApiAnswer> Show(ApiRequest request)
    {
        if (!(await reader.Find(request)).Try(out InstanceView? instance, out Refusal? refusal))
        {
            return refusal;
        }

        ServerDetails server = (await reader.Of([instance]))[0];
        return ApiAnswer.Ok(w => WriteOne(w, request, server));
    }

    private async Task<ApiAnswer> Addresses(ApiRequest request)
    {
        if (!(await reader.Find(request)).Try(out InstanceView? instance, out Refusal? refusal))
        {
            return refusal;
        }

        ServerDetails server = (await reader.Of([instance]))[0];
        return ApiAnswer.Ok(w => ServerResource.WriteAddresses(w, server));
    }

    private async Task<ApiAnswer> AddressesIn(ApiRequest request)
    {
        if (!(await reader.Find(request)).Try(out InstanceView? instance, out Refusal? refusal))
        {
            return refusal;
        }

        ServerDetails server = (await reader.Of([instance]))[0];
        string asked = Uri.UnescapeDataString(request.Route("network"));
        string? label = server.Labels.FirstOrDefault(l => l.Value == asked || l.Key.ToString() == asked).Value;
        return label is not null
            ? ApiAnswer.Ok(w => ServerResource.WriteAddressesIn(w, server, label))
            : Refusal.NotFound(RefusalCode.NetworkNotFound, "network of the instance", BodyText.Shown(asked));
    }

    private async Task<ApiAnswer> Interfaces(ApiRequest request)
    {
        if (!(await reader.Find(request)).Try(out InstanceView? instance, out Refusal? refusal))
        {
            return refusal;
        }

        ServerDetails server = (await reader.Of([instance]))[0];
        return ApiAnswer.Ok(w => ServerResource.WriteInterfaces(w, server));
    }

    private async Task<ApiAnswer> Delete(ApiRequest request)
    {
        if (!(await reader.Find(request)).Try(out InstanceView? instance, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome deleted = await grains.GetGrain<IInstanceGrain>(instance.Id.Value).Delete(request.Scope, request.Actor);
        return deleted.Refused ? deleted.Refusal : ApiAnswer.NoContent;
    }

    private static void WriteOne(ResourceWriter w, ApiRequest request, ServerDetails server)
    {
        w.BeginRoot("server");
        ServerResource.WriteFields(w, request, server);
        w.EndRoot();
    }

    private static void WriteList(ResourceWriter w, IReadOnlyList<ServerDetails> servers, Action<ServerDetails> write)
    {
        w.BeginList("servers", "server");
        foreach (ServerDetails server in servers)
        {
            w.BeginItem();
            write(server);
            w.EndItem();
        }

        w.EndList();
    }

    private static Guid LastOf(IReadOnlyList<InstanceView> instances) =>
        instances.Count == 0 ? default : instances[^1].Id.Value;
}
