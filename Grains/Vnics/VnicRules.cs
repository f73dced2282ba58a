using NovaOrleans.Networks;
using NovaOrleans.Pools;

namespace NovaOrleans.Vnics;

/// <summary>Who may have a card, and what a host is told of it.</summary>
public static class VnicRules
{
    /// <summary>Why a second create of this card is none of the same; null where it is the first one again.</summary>
    public static Refusal? Repeat(VnicRows.Card card, CreateCard command) =>
        command.Key is { } key && card.Project == command.Project && card.RequestHash != key.BodyHash
            ? RowRefusals.KeyReused(key, card.Id.Value)
            : card.Project == command.Project && card.Service == command.Service
                ? null
                : new Refusal(RefusalCode.Conflict, $"Another VNIC has id {card.Id}.", card.Id.ToString(), "id");

    /// <summary>
    /// The card with its new attachment. The same instance again changes nothing; each new one raises the generation, so
    /// that what a former host still says of the card can be told apart.
    /// </summary>
    public static Outcome<VnicRows.Card> Attach(VnicRows.Card card, AttachVnic command)
    {
        if (card.Project != command.Project)
        {
            return Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", card.Id);
        }

        if (card.Instance is { } instance)
        {
            return instance == command.Instance && card.Host == command.Host
                ? card
                : new Refusal(
                    RefusalCode.AlreadyAttached, $"VNIC {card.Id} is attached to instance {instance}.", card.Id.ToString(),
                    "vnics");
        }

        return card with
        {
            Instance = command.Instance,
            Host = command.Host,
            NicIndex = command.NicIndex,
            Generation = card.Generation + 1,
            Version = card.Version + 1,
        };
    }

    /// <summary>The card without its attachment; null where that attachment is over already.</summary>
    public static Outcome<VnicRows.Card?> Detach(VnicRows.Card card, InstanceId instance, long generation)
    {
        if (generation < card.Generation || (card.Instance is { } other && other != instance))
        {
            return new Refusal(
                RefusalCode.Stale,
                $"VNIC {card.Id} is at generation {card.Generation}; generation {generation} of instance {instance} is over.",
                card.Id.ToString());
        }

        return card.Instance is null
            ? (VnicRows.Card?)null
            : card with { Instance = null, Host = null, NicIndex = null, Version = card.Version + 1 };
    }

    public static Outcome<VnicRows.Card> Delete(VnicRows.Card? card, VnicId id, ProjectId? project)
    {
        if (card is null || (project is { } owner && card.Project != owner))
        {
            return Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", id);
        }

        return card.Instance is { } instance
            ? new Refusal(
                RefusalCode.VnicInUse, $"VNIC {id} is attached to instance {instance}; delete that first.", id.ToString())
            : card;
    }

    /// <summary>
    /// What the host of this card is told, but for groups and floating IPs: pure, from the rows of card, ports and network. A port
    /// that is down takes the whole card down with it, for one link carries them all.
    /// </summary>
    public static HostBinding Binding(
        VnicRows.Card card, string instanceName, IReadOnlyList<PortView> ports, NetworkView? network) => new(
        card.Id, card.Instance!.Value, card.NicIndex ?? 0, card.Generation, card.Service, card.Project, instanceName,
        network is null ? null : VnicAddressing.FactsOf(network), VnicAddressing.InfoOf(card.Mac, ports, network))
        {
            Up = ports.All(p => p.Up),
        };
}
