using System.Globalization;
using NovaOrleans.Pools;
using NovaOrleans.Projects;

namespace NovaOrleans.Ledger;

/// <summary>
/// Many cards with their addresses at once, on SQLite: what is the same for all is asked once, and the rows go in by plain inserts.
/// To look for conflicts before each, and to have each give its number and time back, was a third of what a hold cost; the numbers are
/// given here, which the one writer may.
/// </summary>
internal static class SqliteCards
{
    private static readonly RowsStatement s_cards = new(
        "ethernet_cards",
        "id", "uuid", "service", "project_id", "mac_address", "name", "request_key", "request_hash", "created_at");

    private static readonly RowsStatement s_addresses = new(
        "fixed_ips",
        "uuid", "network_uuid", "address", "position", "address_v6", "phase", "vnic_id", "project_id", "created_at");

    private static readonly RowsStatement s_history = new(
        "history", "at", "actor", "what", "network_uuid", "vnic_id", "address", "generation");

    /// <summary>
    /// Holds those that their pool takes, of this activation, and that their project has room for; the others are left without an outcome.
    /// </summary>
    /// <exception cref="LedgerConflictException">One is refused, and nothing may be kept.</exception>
    public static async Task Hold(LedgerSession session, IReadOnlyList<WaitingHold> holds, QuotaDefaults quotas)
    {
        foreach (WaitingHold hold in holds)
        {
            // A batch that was taken back is run again.
            Array.Clear(hold.Outcomes);
        }

        List<WaitingHold> taken = await Taken(session, holds, quotas);
        (long id, string now) = await session.QueryOne(
            "select {now} as now, coalesce(max(id), 0) as id from ethernet_cards", r => (r.Long("id"), r.Text("now")));
        var created = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);
        List<object?[]> cards = [], addresses = [], history = [];
        foreach (WaitingHold hold in taken)
        {
            for (int i = 0; i < hold.Rows; i++)
            {
                (HoldOperation o, NewCard card) = (hold.Operations[i], hold.Operations[i].Card!);
                string? address = o.Address?.ToString(), v6 = o.AddressV6?.ToString();
                cards.Add([++id, card.Id, card.Service, o.Project, card.Mac, card.Name, o.Key?.Key, o.Key?.BodyHash, now]);
                addresses.Add([o.Port, o.Network, address, o.Position, v6, PortPhase.Held, card.Id, o.Project, now]);
                history.Add([now, o.Actor, "address held", o.Network, card.Id, address ?? v6, 0]);
                hold.Outcomes[i] = new HoldOutcome(HoldResult.Held, id, created);
            }
        }

        await Task.WhenAll(
            s_cards.Insert(session, cards), s_addresses.Insert(session, addresses), s_history.Insert(session, history));
    }

    /// <summary>Those whose pool is open and whose project has room for them.</summary>
    private static async Task<List<WaitingHold>> Taken(
        LedgerSession session, IReadOnlyList<WaitingHold> holds, QuotaDefaults quotas)
    {
        Dictionary<(NetworkId, long), bool> open = [];
        foreach ((NetworkId network, long epoch) in holds.Select(Pool).Distinct())
        {
            open[(network, epoch)] = await SqliteHoldLane.IsOpen(session, network, epoch);
        }

        List<WaitingHold> taken = [];
        foreach (IGrouping<ProjectId, WaitingHold> wanted in holds.Where(h => open[Pool(h)]).GroupBy(h => h.Project))
        {
            long? room = await QuotaRows.RoomForFixedIps(session, wanted.Key, quotas, wanted.Sum(h => h.Rows)), left = room;
            foreach (WaitingHold hold in wanted)
            {
                if (left is null || left >= hold.Rows)
                {
                    left -= hold.Rows;
                    taken.Add(hold);
                }
            }

            if (room > left)
            {
                await QuotaRows.AddFixedIps(session, wanted.Key, room.Value - left.Value);
            }
        }

        return taken;
    }

    private static (NetworkId, long) Pool(WaitingHold hold) => (hold.Operations[0].Network, hold.Operations[0].Epoch);
}
