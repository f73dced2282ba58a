using System.Collections.Concurrent;
using NovaOrleans.Http;
using NovaOrleans.Networks;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// Which networks a request may see and change. A project sees its own; where the service shares networks, also those
/// without project, which it may use but not change. What it may not see is not there (404).
/// </summary>
public sealed class NetworkAccess(ServiceGrains grains, NetworkChoice choice, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private const int MostEntries = 10_000;

    private readonly ConcurrentDictionary<NetworkId, (long Since, NetworkView Network)> _known = new();

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
    /// The network that a card asks for, as it is or was at most a second ago. A grain call more would cost the hot
    /// path as much as the allocation itself; that the network is open and not full is decided by its pool, on every
    /// call.
    /// </summary>
    public async Task<Outcome<NetworkView>> Usable(ApiRequest request, NetworkId id)
    {
        if (_known.TryGetValue(id, out (long Since, NetworkView Network) known)
            && clock.GetElapsedTime(known.Since) < Lifetime)
        {
            return Seen(request, known.Network);
        }

        Outcome<NetworkView> network = await grains.Network(id).Describe();
        if (network.Refused)
        {
            return network;
        }

        if (_known.Count >= MostEntries)
        {
            _known.Clear();
        }

        _known[id] = (clock.GetTimestamp(), network.Value);
        return Seen(request, network.Value);
    }

    /// <summary>Whether the request may see the network; a free one is nobody's business until a project takes it.</summary>
    public bool Sees(ApiRequest request, NetworkView network) =>
        NetworkChecks.Sees(grains.Service, request.Scope, free: choice.Shared || request.IsAdmin, network);

    private Outcome<NetworkView> Seen(ApiRequest request, NetworkView network) =>
        Sees(request, network) ? network : NetworkChecks.NotFound(network.Id);
}
