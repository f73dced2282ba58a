using Npgsql;

namespace NovaOrleans.Ledger;

/// <summary>
/// A batch as arrays, one a column, and back: by the id of what was held, or by the operation's number.
/// </summary>
internal static class PostgresHoldParameters
{
    public static NpgsqlBatchCommand Hold(List<WaitingHold> holds) => new(PostgresHoldStatements.Hold)
    {
        Parameters =
        {
            Column(holds, h => h.Operation.Network.Value),
            Column(holds, h => h.Operation.Epoch),
            Column(holds, h => h.Operation.Port.Value),
            Column(holds, h => h.Operation.Project.Value),
            Column(holds, h => h.Operation.Actor),
            Column(holds, h => h.Operation.Address?.ToString()),
            Column(holds, h => h.Operation.Position),
            Column(holds, h => h.Operation.AddressV6?.ToString()),
            Column(holds, h => h.Operation.Key?.Key),
            Column(holds, h => h.Operation.Key?.BodyHash),
            Column(holds, h => h.Operation.Card?.Id.Value),
            Column(holds, h => h.Operation.Card?.Service.Value),
            Column(holds, h => h.Operation.Card?.Mac.ToString()),
            Column(holds, h => h.Operation.Card?.Name),
        },
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

    public static async Task ReadHeld(NpgsqlDataReader reader, IReadOnlyDictionary<Guid, WaitingHold> holds)
    {
        while (await reader.ReadAsync())
        {
            holds[reader.GetGuid(0)].Outcome = new HoldOutcome(
                HoldResult.Held, reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2));
        }
    }

    public static async Task ReadFreed(NpgsqlDataReader reader, List<WaitingFree> frees)
    {
        while (await reader.ReadAsync())
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
