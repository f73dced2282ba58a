using NovaOrleans.Hosts;
using NovaOrleans.Http;
using NovaOrleans.Networks;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>Whose a network is, and which host serves it (rows R6, R8): an admin's affair.</summary>
internal sealed class NetworkActions(ServiceGrains grains, NetworkAccess access)
{
    private const string Accepted =
        "Give one action: associate_project, associate_host, disassociate, disassociate_project or disassociate_host.";

    /// <summary>As nova's actions; <c>disassociate</c> takes both away, project and host.</summary>
    public async Task<ApiAnswer> Act(ApiRequest request)
    {
        BodyReader body = request.Body;
        body.Ignore("disassociate", "disassociate_project", "disassociate_host");
        ProjectId? project = body.Project("associate_project");
        HostName? host = body.Host("associate_host");
        if (body.FieldNames.Count() != 1)
        {
            body.Reject("action", Accepted);
        }

        if (body.Faulty(out Refusal? refusal)
            || !(await access.Changeable(request)).Try(out NetworkView? network, out refusal))
        {
            return refusal;
        }

        Outcome<NetworkView> done = body.FieldNames.First() switch
        {
            "associate_project" when project is not null => await Move(request, network, project),
            "associate_host" when host is not null => await Serve(request, network, host),
            "disassociate_project" => await Move(request, network, null),
            "disassociate_host" => await Serve(request, network, null),
            "disassociate" => (await Move(request, network, null)).Try(out NetworkView? free, out refusal)
                ? await Serve(request, free, null)
                : refusal,
            string named => new Refusal(
                RefusalCode.MalformedRequest, $"Field '{named}' was null; accepted is a name.", Field: named),
        };
        return done.Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }

    public async Task<Outcome<NetworkView>> Move(ApiRequest request, NetworkView network, ProjectId? project)
    {
        if (!request.IsAdmin)
        {
            return new Refusal(
                RefusalCode.Forbidden, "Only an admin changes whose a network is.", network.Id.ToString());
        }

        if (project is { } owner)
        {
            return await grains.Network(network.Id).Associate(owner, request.Actor);
        }

        Outcome taken = await grains.Network(network.Id).Disassociate(request.Actor);
        return taken.Refusal is { } refusal ? refusal : await grains.Network(network.Id).Describe();
    }

    /// <summary>A change of what may change; that of the host only by an admin, and only to one that is known.</summary>
    public async Task<Outcome<NetworkView>> Update(ApiRequest request, NetworkView network, UpdateNetwork wanted)
    {
        if ((wanted.ClearHost || wanted.Host is not null) && !request.IsAdmin)
        {
            return new Refusal(
                RefusalCode.Forbidden, "Only an admin says which host serves a network.", network.Id.ToString());
        }

        return wanted.Host is { } host && (await grains.Host(host).Describe()).Status == HostStatus.Unknown
            ? new Refusal(RefusalCode.HostNotFound, $"There is no compute host '{host}'.", host.Value, "host")
            : await grains.Network(network.Id).Update(wanted);
    }

    private Task<Outcome<NetworkView>> Serve(ApiRequest request, NetworkView network, HostName? host) =>
        Update(request, network, new UpdateNetwork(request.Actor) { Host = host, ClearHost = host is null });
}
