using NovaOrleans.Hosts;

namespace NovaOrleans.SecurityGroups;

/// <summary>See <see cref="IBlockedPrefixesGrain"/>.</summary>
public sealed partial class BlockedPrefixesGrain(ILedger ledger, HostHints hints, ILogger<BlockedPrefixesGrain> logger)
    : Grain, IBlockedPrefixesGrain
{
    public async Task<IReadOnlyList<BlockedPrefix>> List() => (await ledger.Read(Load)).Prefixes;

    public async Task<Outcome<BlockedPrefix>> Block(string cidr, string actor)
    {
        Outcome<BlockedPrefix> blocked = await ledger.Commit<BlockedPrefix>(async session =>
        {
            BlockedPrefixesState state = await Load(session);
            if (!BlockedPrefixesRules.Block(state, cidr).Try(out string? prefix, out Refusal? refusal))
            {
                return refusal;
            }

            if (state.Find(prefix) is { } before)
            {
                return before;
            }

            await session.Execute("insert into provider_fw_rules (cidr) values (@cidr)", ("cidr", prefix));
            await HistoryRows.Append(session, actor, "prefix blocked", why: prefix);
            return (await Load(session)).Find(prefix)!;
        });
        if (blocked.Try(out BlockedPrefix? made, out _))
        {
            LogBlocked(made.Cidr, actor);
            await hints.BlockedChanged();
        }

        return blocked;
    }

    public async Task<Outcome> Unblock(long rowId, string actor)
    {
        if ((await ledger.Read(Load)).Prefixes.FirstOrDefault(p => p.RowId == rowId) is not { } prefix)
        {
            return Outcome.Done;
        }

        Outcome done = await ledger.Commit(async session =>
        {
            await session.Execute(
                "update provider_fw_rules set deleted = {true}, deleted_at = {now}, updated_at = {now} where id = @id and not deleted",
                ("id", rowId));
            await HistoryRows.Append(session, actor, "prefix unblocked", why: prefix.Cidr);
            return Outcome.Done;
        });
        LogUnblocked(prefix.Cidr, actor);
        await hints.BlockedChanged();
        return done;
    }

    private static async Task<BlockedPrefixesState> Load(LedgerSession session) => new(await session.Query(
        "select id, cidr, created_at from provider_fw_rules where not deleted order by id",
        r => new BlockedPrefix(r.Long("id"), r.Text("cidr"), r.Time("created_at"))));
}
