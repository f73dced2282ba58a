using Npgsql;

namespace NovaOrleans.Ledger;

/// <summary>
/// A batch as one message: what is freed and then what is held, in one transaction and one round trip. <paramref name="usual"/> is how many
/// fixed IPs a project may have that has no limit of its own.
/// </summary>
internal sealed class HoldMessage(
    NpgsqlConnection connection, List<WaitingHold> holds, List<WaitingFree> frees, long usual)
{
    private readonly string[] _counted = [.. holds.Where(h => h.IsCounted).Select(h => h.Project.Value).Distinct()];

    /// <summary>Whether it holds something, and nothing but cards.</summary>
    public bool IsOfCards => holds.Count > 0 && holds.TrueForAll(h => h.Operations.All(o => o.Card is not null));

    /// <summary>
    /// Whether all its holds came to nothing, which may be the fault of one: sent as nothing was expected to be refused, they do.
    /// </summary>
    public bool IsHeldByNone => holds.Count > 0 && !holds.Exists(h => h.IsMade);

    /// <summary>
    /// Sends it and commits. False: of holds that are all or none some came back and some did not, so nothing was applied.
    /// </summary>
    /// <param name="conflicts">As <see cref="PostgresHoldStatements.Hold"/>.</param>
    public bool Send(bool conflicts)
    {
        if (holds.TrueForAll(h => h.Rows == 1))
        {
            // The commit is in the message: once its answer is read, the rows are durable.
            Exchange(conflicts);
            return true;
        }

        using NpgsqlTransaction transaction = connection.BeginTransaction();
        Exchange(conflicts);
        if (!holds.Exists(h => h.IsPart))
        {
            transaction.Commit();
            return true;
        }

        transaction.Rollback();
        Forget();
        return false;
    }

    /// <summary>Forgets what was read of it, where it was not applied.</summary>
    public void Forget()
    {
        holds.ForEach(h => Array.Clear(h.Outcomes));
        frees.ForEach(f => f.Freed = null);
    }

    private void Exchange(bool conflicts)
    {
        Dictionary<Guid, WaitingFree> cards = Cards();
        Dictionary<Guid, HeldRow> rows = Rows();
        using NpgsqlBatch message = new(connection);
        if (frees.Count > 0)
        {
            message.BatchCommands.Add(PostgresHoldParameters.Free(cards));
        }

        if (_counted.Length > 0)
        {
            // After the cards: whoever locks both takes them in this order.
            message.BatchCommands.Add(
                conflicts ? PostgresHoldParameters.LockQuotas(_counted) : PostgresHoldParameters.Reserve(rows, _counted, usual));
        }

        if (holds.Count > 0)
        {
            message.BatchCommands.Add(
                PostgresHoldParameters.Hold([.. rows.Values], conflicts, _counted, usual));
        }

        using NpgsqlDataReader reader = message.ExecuteReader();
        if (frees.Count > 0)
        {
            PostgresHoldParameters.ReadFreed(reader, cards);
            reader.NextResult();
        }

        if (_counted.Length > 0)
        {
            reader.NextResult();
        }

        if (holds.Count > 0)
        {
            PostgresHoldParameters.ReadHeld(reader, rows);
            reader.NextResult();
        }
    }

    /// <summary>A card twice in a batch is the second one's repeat: left out here, it is explained when the first is gone.</summary>
    private Dictionary<Guid, WaitingFree> Cards()
    {
        Dictionary<Guid, WaitingFree> cards = new(frees.Count);
        frees.ForEach(f => cards.TryAdd(f.Operation.Vnic.Value, f));
        return cards;
    }

    /// <summary>An id twice in a batch, as a card: it is explained when the first is there.</summary>
    private Dictionary<Guid, HeldRow> Rows()
    {
        Dictionary<Guid, HeldRow> rows = new(holds.Count);
        foreach (WaitingHold hold in holds)
        {
            for (int i = 0; i < hold.Rows; i++)
            {
                HeldRow row = new(hold, i);
                rows.TryAdd(row.Id, row);
            }
        }

        return rows;
    }
}
