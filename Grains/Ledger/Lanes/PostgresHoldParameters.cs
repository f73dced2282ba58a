using Npgsql;
using NpgsqlTypes;

namespace NovaOrleans.Ledger;

/// <summary>One hold of those that are all or none, with its place among them.</summary>
internal readonly record struct HeldRow(WaitingHold Hold, int At)
{
    public HoldOperation Operation => Hold.Operations[At];

    /// <summary>Of the row that is to be: the card's, or the port's where it comes alone.</summary>
    public Guid Id => Operation.Card?.Id.Value ?? Operation.Port.Value;
}

/// <summary>
/// A batch as arrays, one a column, and back: by the id of what was held, or by the operation's number.
/// </summary>
internal static class PostgresHoldParameters
{
    /// <param name="rows">All with a card, where nothing is expected to be refused.</param>
    /// <param name="conflicts">As <see cref="PostgresHoldStatements.Hold"/>.</param>
    /// <param name="counted">The projects whose quotas are locked.</param>
    /// <param name="usual">The limit of those that have none of their own.</param>
    public static NpgsqlBatchCommand Hold(List<HeldRow> rows, bool conflicts, string[] counted, long usual)
    {
        NpgsqlBatchCommand hold = new(PostgresHoldStatements.Hold(conflicts, counted.Length > 0));
        List<HoldOperation> holds = rows.ConvertAll(r => r.Operation);
        if (conflicts)
        {
            AddEach(hold.Parameters, holds);
            hold.Parameters.Add(Array([.. Projects(holds).Except(counted)]));
        }
        else
        {
            AddUsual(hold.Parameters, holds);
        }

        if (counted.Length > 0)
        {
            hold.Parameters.Add(Array(counted));
            hold.Parameters.Add(new NpgsqlParameter<long> { TypedValue = usual });
            if (conflicts)
            {
                hold.Parameters.Add(Array(Last(rows)));
            }
        }

        return hold;
    }

    /// <summary>Each pool once, in the order of PostgreSQL's uuids; one of which two epochs are expected lets nothing be held.</summary>
    private static void AddUsual(NpgsqlParameterCollection to, List<HoldOperation> holds)
    {
        (Guid Network, long Epoch)[] pools = [.. holds.Select(h => (h.Network.Value, h.Epoch)).Distinct().Order()];
        to.Add(Array(System.Array.ConvertAll(pools, p => p.Network)));
        to.Add(Array(System.Array.ConvertAll(pools, p => p.Epoch)));
        to.Add(Array([.. Projects(holds)]));
        to.Add(Column(holds, h => h.Card!.Id.Value));
        to.Add(Column(holds, h => h.Port.Value));
        to.Add(Column(holds, h => h.Network.Value));
        to.Add(Texts(holds, h => h.Address?.ToString()));
        to.Add(Column(holds, h => h.Position));
        to.Add(Texts(holds, h => h.AddressV6?.ToString()));
        to.Add(Texts(holds, h => h.Project.Value));
        to.Add(Texts(holds, h => h.Actor));
        to.Add(Texts(holds, h => h.Card!.Service.Value));
        to.Add(Texts(holds, h => h.Card!.Mac.ToString()));
        to.Add(Texts(holds, h => h.Card!.Name));
        to.Add(Texts(holds, h => h.Key?.Key));
        to.Add(Texts(holds, h => h.Key?.BodyHash));
    }

    private static void AddEach(NpgsqlParameterCollection to, List<HoldOperation> holds)
    {
        to.Add(Column(holds, h => h.Network.Value));
        to.Add(Column(holds, h => h.Epoch));
        to.Add(Column(holds, h => h.Port.Value));
        to.Add(Texts(holds, h => h.Project.Value));
        to.Add(Texts(holds, h => h.Actor));
        to.Add(Texts(holds, h => h.Address?.ToString()));
        to.Add(Column(holds, h => h.Position));
        to.Add(Texts(holds, h => h.AddressV6?.ToString()));
        to.Add(Texts(holds, h => h.Key?.Key));
        to.Add(Texts(holds, h => h.Key?.BodyHash));
        to.Add(Column(holds, h => h.Card?.Id.Value));
        to.Add(Texts(holds, h => h.Card?.Service.Value));
        to.Add(Texts(holds, h => h.Card?.Mac.ToString()));
        to.Add(Texts(holds, h => h.Card?.Name));
    }

    private static IEnumerable<string> Projects(List<HoldOperation> holds) => holds.Select(h => h.Project.Value).Distinct();

    /// <summary>Of each, the number of the last one that is all or none with it; they are neighbours. Numbers begin with 1.</summary>
    private static long[] Last(List<HeldRow> rows)
    {
        long[] last = new long[rows.Count];
        for (int i = rows.Count - 1; i >= 0; i--)
        {
            last[i] = i + 1 < rows.Count && rows[i + 1].Hold == rows[i].Hold ? last[i + 1] : i + 1;
        }

        return last;
    }

    /// <param name="rows">All of the batch.</param>
    /// <param name="counted">The projects whose quotas are locked.</param>
    /// <param name="usual">The limit of those that have none of their own.</param>
    public static NpgsqlBatchCommand Reserve(Dictionary<Guid, HeldRow> rows, string[] counted, long usual)
    {
        Dictionary<string, long> more = counted.ToDictionary(project => project, _ => 0L);
        // Also of a hold that was made before the project was known to have a quota, and is in the same batch as one after it.
        foreach (string project in rows.Values.Select(r => r.Operation.Project.Value).Where(more.ContainsKey))
        {
            more[project]++;
        }

        return new(PostgresHoldStatements.Reserve)
        {
            Parameters =
            {
                Array<string>([.. more.Keys]), Array<long>([.. more.Values]), new NpgsqlParameter<long> { TypedValue = usual },
            },
        };
    }

    public static NpgsqlBatchCommand LockQuotas(string[] projects) => new(PostgresHoldStatements.LockQuotas)
    {
        Parameters = { Array(projects) },
    };

    /// <param name="frees">By their cards.</param>
    public static NpgsqlBatchCommand Free(Dictionary<Guid, WaitingFree> frees)
    {
        List<FreeOperation> operations = [.. frees.Values.Select(f => f.Operation)];
        return new(PostgresHoldStatements.Free)
        {
            Parameters =
            {
                Column(operations, f => f.Network.Value),
                Column(operations, f => f.Epoch),
                Column(operations, f => f.Vnic.Value),
                Column(operations, f => f.Version),
                Texts(operations, f => f.Actor),
            },
        };
    }

    public static void ReadHeld(NpgsqlDataReader reader, IReadOnlyDictionary<Guid, HeldRow> rows)
    {
        while (reader.Read())
        {
            HeldRow row = rows[reader.GetGuid(0)];
            row.Hold.Outcomes[row.At] = new HoldOutcome(
                HoldResult.Held, reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2));
        }
    }

    public static void ReadFreed(NpgsqlDataReader reader, Dictionary<Guid, WaitingFree> frees)
    {
        while (reader.Read())
        {
            WaitingFree free = frees[reader.GetGuid(0)];
            free.Freed ??= [];
            if (reader.GetBoolean(1))
            {
                free.Freed.Add(new FreedAddress(
                    reader.IsDBNull(2) ? null : reader.GetInt64(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3)));
            }
        }
    }

    private static NpgsqlParameter<TValue[]> Column<TItem, TValue>(List<TItem> items, Func<TItem, TValue> value)
    {
        TValue[] column = new TValue[items.Count];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = value(items[i]);
        }

        return Array(column);
    }

    /// <summary>No array at all where none has a text: it is taken apart for nothing.</summary>
    private static NpgsqlParameter Texts<TItem>(List<TItem> items, Func<TItem, string?> value)
    {
        NpgsqlParameter<string?[]> column = Column(items, value);
        return column.TypedValue!.Any(t => t is not null)
            ? column
            : new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    }

    private static NpgsqlParameter<TValue[]> Array<TValue>(TValue[] values) => new() { TypedValue = values };
}
