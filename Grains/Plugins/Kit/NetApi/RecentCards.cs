using NovaOrleans.Http;
using NovaOrleans.Vnics;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// Where the cards are that this process has made lately, so that whoever deletes what it made needs no look into the ledger first. It
/// may be behind: a deletion is of a version, and what has changed since is refused by the pool and looked into.
/// </summary>
internal sealed class RecentCards(ServiceGrains grains)
{
    /// <summary>A power of two. A card may drive another one out of its place, which then is looked up.</summary>
    private const int Places = 1 << 14;

    private readonly Made?[] _places = new Made?[Places];

    /// <param name="card">As it was made, with its port.</param>
    /// <param name="network">The port's.</param>
    public void Remember(VnicView card, NetworkId network) =>
        Volatile.Write(ref PlaceOf(card.Id), new Made(card.Id, card.Project, network, card.Version));

    /// <summary>Whether it is one of these, the asker's, as it was made until now, and deleted with this.</summary>
    public async Task<bool> Delete(ApiRequest request, VnicId card)
    {
        if (Volatile.Read(ref PlaceOf(card)) is not { } made || made.Card != card
            || (request.Scope is { } scope && scope != made.Project))
        {
            return false;
        }

        Volatile.Write(ref PlaceOf(card), null);
        return !(await grains.Pool(made.Network).DeleteVnic(card, made.Version, request.Actor)).Refused;
    }

    private ref Made? PlaceOf(VnicId card) => ref _places[card.GetHashCode() & (Places - 1)];

    private sealed record Made(VnicId Card, ProjectId Project, NetworkId Network, long Version);
}
