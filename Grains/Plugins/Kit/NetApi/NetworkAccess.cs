using NovaOrleans.Hosting;
using NovaOrleans.Http;
using NovaOrleans.Networks;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// Which networks a request may see and change. A project sees its own; where the service shares networks, also those
/// without project, which it may use but not change. What it may not see is not there (404).
/// </summary>
public sealed class NetworkAccess(ServiceGrains grains, NetworkChoice choice, TimeProvider clock)
{
    private readonly RecentAnswers<NetworkId, NetworkView> _recent = new(network => grains.Network(network).Describe(), clock);

    /// <summary>The network of the route's <c>{id}</c>, if the request may see it.</summary>
    public async Task<Outcome<NetworkView>> Readable(ApiRequest request)
    {
        if (!Guid.TryParseExact(request.Route("id"), "D", out Guid id))
        {
            return NetworkChecks.NotFound(BodyText.Shown(request.Route("id")));
        }

        Outcome<NetworkView> network = await grains.Network(new NetworkId(id)).Describe();
        return network.Refused ? network : Seen(request, network.Value);
    }

    /// <summary>The network of the route's <c>{id}</c>, if the request may change it.</summary>
    public async Task<Outcome<NetworkView>> Changeable(ApiRequest request)
    {
        Outcome<NetworkView> network = await Readable(request);
        return !network.Refused && request.Scope is not null && network.Value.Project is null && !request.IsAdmin
            ? new Refusal(
                RefusalCode.Forbidden, $"Network {network.Value.Id} is shared; only an admin changes it.",
                network.Value.Id.ToString())
            : network;
    }

    /// <summary>
    /// The network that a card asks for, as it is or was at most a second ago; that it is open and not full is decided by its pool, on
    /// every call.
    /// </summary>
    public async Task<Outcome<NetworkView>> Usable(ApiRequest request, NetworkId id)
    {
        Outcome<NetworkView> network = await _recent.Of(id);
        return network.Refused ? network : Seen(request, network.Value);
    }

    /// <summary>Whether the request may see the network; a free one is nobody's business until a project takes it.</summary>
    public bool Sees(ApiRequest request, NetworkView network) =>
        NetworkChecks.Sees(grains.Service, request.Scope, free: choice.Shared || request.IsAdmin, network);

    private Outcome<NetworkView> Seen(ApiRequest request, NetworkView network) =>
        Sees(request, network) ? network : NetworkChecks.NotFound(network.Id);
}
