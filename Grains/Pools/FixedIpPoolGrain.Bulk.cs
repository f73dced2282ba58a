using NovaOrleans.Vnics;

namespace NovaOrleans.Pools;

// Many cards in one commit: by the hot lane as one, in a transaction that is taken back where one of them is refused.
public sealed partial class FixedIpPoolGrain
{
    public async Task<Outcome<IReadOnlyList<VnicView>>> CreateVnics(CreateVnics command)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal))
        {
            return refusal;
        }

        if (FixedIpPoolRules.Bulk(command) is { } never)
        {
            return never;
        }

        if (!(await Take(pool, command)).Try(out long?[]? positions, out refusal))
        {
            // Full, closing or taken: but what this very command made before, or is making, stays made.
            await Pending(command.Cards[0].Vnic.Value, command.Project, command.Key);
            return await Before(command) ?? refusal;
        }

        (Outcome<IReadOnlyList<VnicView>> answer, bool made) = await Make(pool, command, positions);
        if (!made)
        {
            foreach (long? position in positions)
            {
                pool.Release(position);
            }
        }

        return answer;
    }

    /// <summary>The answer, and whether it holds these addresses: what the command made before holds others.</summary>
    private async Task<(Outcome<IReadOnlyList<VnicView>> Answer, bool Made)> Make(
        FixedIpPoolState pool, CreateVnics command, long?[] positions)
    {
        for (int draw = 1; ; draw++)
        {
            HoldOperation[] holds = [.. command.Cards.Select((card, i) => Hold(pool, command, card, positions[i], i, draw))];
            HoldAllOutcome outcome = await Hold(holds);
            if (outcome.Why is not { } why)
            {
                return (holds.Select((hold, i) => FixedIpPoolRules.View(hold, outcome.Held[i])).ToArray(), true);
            }

            if (why.Result == HoldResult.MacTaken && command.Cards[outcome.Refused].Mac is null && draw < MacDraws)
            {
                continue;
            }

            return (FixedIpPoolRules.Refusal(pool, holds[outcome.Refused], why) is { } refusal ? refusal
                : await Before(command) ?? throw End("cards that were there are gone; the call may be repeated"), false);
        }
    }

    /// <summary>Addresses for all: those that are asked for first, so that none of them is drawn for another.</summary>
    private async Task<Outcome<long?[]>> Take(FixedIpPoolState pool, CreateVnics command)
    {
        var positions = new long?[command.Cards.Count];
        List<long?> held = [];
        foreach (int i in Enumerable.Range(0, positions.Length).OrderBy(i => command.Cards[i].Address is null))
        {
            if (!(await Choose(pool, command.Cards[i].Address)).Try(out positions[i], out Refusal? refusal))
            {
                held.ForEach(p => pool.Release(p));
                return refusal;
            }

            pool.Hold(positions[i]);
            held.Add(positions[i]);
        }

        return positions;
    }

    private static HoldOperation Hold(
        FixedIpPoolState pool, CreateVnics command, CreateVnics.Card card, long? position, int number, int draw)
    {
        MacAddress mac = card.Mac ?? FixedIpPoolRules.DrawMac(pool.Network, draw);
        RequestKey? key = FixedIpPoolRules.Kept(command.Key, card.Vnic, number);
        return Operation(pool, PortId.New(), position, command.Project, command.Actor, key) with
        {
            AddressV6 = FixedIpPoolRules.AddressV6(pool.Network, mac),
            Card = new NewCard(card.Vnic, pool.Network.Service, mac, card.Name),
        };
    }

    /// <summary>What the command made before, or is making: it answers again.</summary>
    private async Task<Outcome<IReadOnlyList<VnicView>>?> Before(CreateVnics command) =>
        await ledger.Read(s => PoolRows.FindCards(s, command));
}
