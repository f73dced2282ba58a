using Npgsql;

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
    /// <param name="rows">All with a card, where none is expected to conflict.</param>
    /// <param name="conflicts">As <see cref="PostgresHoldStatements.Hold"/>.</param>
    /// <param name="counted">The projects whose quotas are locked.</param>
    /// <param name="usual">The limit of those that have none of their own.</param>
    public static NpgsqlBatchCommand Hold(List<HeldRow> rows, bool conflicts, string[] counted, long usual)
    {
        List<HoldOperation> holds = rows.ConvertAll(r => r.Operation);
        NpgsqlBatchCommand hold = new(PostgresHoldStatements.Hold(conflicts, counted.Length > 0))
        {
            Parameters =
            {
                Column(holds, h => h.Network.Value),
                Column(holds, h => h.Epoch),
                Column(holds, h => h.Port.Value),
                Column(holds, h => h.Project.Value),
                Column(holds, h => h.Actor),
                Column(holds, h => h.Address?.ToString()),
                Column(holds, h => h.Position),
                Column(holds, h => h.AddressV6?.ToString()),
                Column(holds, h => h.Key?.Key),
                Column(holds, h => h.Key?.BodyHash),
                Column(holds, h => h.Card?.Id.Value),
                Column(holds, h => h.Card?.Service.Value),
                Column(holds, h => h.Card?.Mac.ToString()),
                Column(holds, h => h.Card?.Name),
                new NpgsqlParameter<string[]>
                {
                    TypedValue = [.. holds.Select(h => h.Project.Value).Distinct().Except(counted)],
                },
            },
        };
        if (counted.Length > 0)
        {
            hold.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = counted });
            hold.Parameters.Add(new NpgsqlParameter<long> { TypedValue = usual });
            hold.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Last(rows) });
        }

        return hold;
    }

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

    public static NpgsqlBatchCommand LockQuotas(string[] projects) => new(PostgresHoldStatements.LockQuotas)
    {
        Parameters = { new NpgsqlParameter<string[]> { TypedValue = projects } },
    };

    public static NpgsqlBatchCommand LockCards(List<WaitingFree> frees) => new(PostgresHoldStatements.LockCards)
    {
        Parameters = { Column(frees, f => f.Operation.Vnic.Value) },
    };

    public static NpgsqlBatchCommand Free(List<WaitingFree> frees) => new(PostgresHoldStatements.Free)
    {
        Parameters =
        {
            Column(frees, f => f.Operation.Network.Value),
            Column(frees, f => f.Operation.Epoch),
            Column(frees, f => f.Operation.Vnic.Value),
            Column(frees, f => f.Operation.Version),
            Column(frees, f => f.Operation.Actor),
        },
    };

    public static void ReadHeld(NpgsqlDataReader reader, IReadOnlyDictionary<Guid, HeldRow> rows)
    {
        while (reader.Read())
        {
            HeldRow row = rows[reader.GetGuid(0)];
            row.Hold.Outcomes[row.At] = new HoldOutcome(
                HoldResult.Held, reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2));
        }
    }

    public static void ReadFreed(NpgsqlDataReader reader, List<WaitingFree> frees)
    {
        while (reader.Read())
        {
            WaitingFree free = frees[(int)reader.GetInt64(0) - 1];
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

        return new NpgsqlParameter<TValue[]> { TypedValue = column };
    }
}
