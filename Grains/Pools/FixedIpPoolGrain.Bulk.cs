using NovaOrleans.Projects;
using NovaOrleans.Vnics;

namespace NovaOrleans.Pools;

// Many cards in one commit. It goes by the general lane: three statements for all of them, whatever their number.
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

        if (command.Key is not null && await Before(command) is { } before)
        {
            return before;
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
            HoldOperation[] holds = [.. command.Cards.Select((card, i) => Hold(pool, command, card, positions[i]))];
            Outcome<IReadOnlyList<VnicView>> made = await Told(holds[0], Write(pool, holds, command.Key));
            if (!made.Refused || made.Refusal.Code != RefusalCode.MacInUse)
            {
                return (made, !made.Refused);
            }

            // A card that is there already: of this very command, or with a MAC that was drawn or given.
            if (await Before(command) is { } meanwhile)
            {
                return (meanwhile, false);
            }

            MacAddress[] taken = await ledger.Read(s => BulkRows.MacsTaken(s, holds));
            if (command.Cards.FirstOrDefault(c => c.Mac is { } mac && taken.Contains(mac)) is { Mac: { } given })
            {
                return (FixedIpPoolRules.MacInUse(given), false);
            }

            if (draw == MacDraws)
            {
                return (made, false);
            }
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

    private static HoldOperation Hold(FixedIpPoolState pool, CreateVnics command, CreateVnics.Card card, long? position)
    {
        MacAddress mac = card.Mac ?? FixedIpPoolRules.DrawMac(pool.Network, Random.Shared);
        return Operation(pool, PortId.New(), position, command.Project, command.Actor, command.Key) with
        {
            AddressV6 = FixedIpPoolRules.AddressV6(pool.Network, mac),
            Card = new NewCard(card.Vnic, pool.Network.Service, mac, card.Name),
        };
    }

    private Task<Outcome<IReadOnlyList<VnicView>>> Write(FixedIpPoolState pool, HoldOperation[] holds, RequestKey? key) =>
        Write(pool, async session =>
            !await BulkRows.IsOpen(session, pool.Network.Id) ? FixedIpPoolRules.Closing(pool.Network.Id)
            : await QuotaRows.FixedIps(session, holds[0].Project, quotas, holds.Length) is { } over ? over
            : await BulkRows.Insert(session, holds, key));

    /// <summary>What the command made before, or is making: it answers again.</summary>
    private async Task<Outcome<IReadOnlyList<VnicView>>?> Before(CreateVnics command) =>
        await ledger.Read(s => BulkRows.Find(s, command));
}
