using System.Data.Common;

namespace NovaOrleans.Ledger;

/// <summary>
/// Small writes, each with all its statements known before it is sent: a batch is one message, one implicit transaction and one commit.
/// It has connections of its own, so that slow general work delays none, and two of them: while one batch is being made durable, the
/// next one runs (at 500 binds a second one was busy for 85 of 100 of the time, and each of two for 65). Where a batch is refused, nothing
/// of it is applied, and each piece goes to the general lane, which finds out whose fault it was.
/// </summary>
internal sealed class AtOnceLane : IAsyncDisposable
{
    private const int Writers = 2;

    private readonly LedgerDatabase _database;
    private readonly WorkLane _general;
    private readonly ILedgerFaults _faults;
    private readonly BatchLoop<LedgerWork> _loop;
    private readonly Writer[] _writers;

    public AtOnceLane(LedgerDatabase database, WorkLane general, ILedgerFaults faults)
    {
        (_database, _general, _faults) = (database, general, faults);
        _writers = [.. Enumerable.Range(0, Writers).Select(_ => new Writer(this))];
        _loop = new BatchLoop<LedgerWork>(
            "at_once", static _ => 1, [.. _writers.Select<Writer, Func<IReadOnlyList<LedgerWork>, Task>>(w => w.CommitBatch)]);
    }

    /// <param name="work">A piece of work, as <see cref="ILedger.CommitAtOnce"/> wants it.</param>
    /// <param name="keeps">Whether what came of it is an answer and no refusal.</param>
    public Task<T> Add<T>(Func<LedgerSession, Task<T>> work, Func<T, bool> keeps)
    {
        LedgerWork<T> item = new(work, keeps);
        if (!_loop.TryAdd(item))
        {
            item.Fail(new OperatingFaultException("the ledger is closed", mayRetry: true));
        }

        return item.Answered;
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        foreach (Writer writer in _writers)
        {
            await writer.Close();
        }
    }

    /// <summary>One connection, and one batch at a time.</summary>
    private sealed class Writer(AtOnceLane lane)
    {
        private LedgerConnection? _connection;

        public async Task CommitBatch(IReadOnlyList<LedgerWork> batch)
        {
            try
            {
                if (!await Commit(batch))
                {
                    foreach (LedgerWork item in batch)
                    {
                        lane._general.Add(item);
                    }
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // What came after the commit was sent: nobody knows, and nobody may wait for ever.
                OperatingFaultException unknown = new("it is not known whether the commit was applied", mayRetry: true, e);
                foreach (LedgerWork item in batch)
                {
                    item.Fail(unknown);
                }

                await Close();
            }
        }

        public async Task Close()
        {
            if (_connection is { } open)
            {
                _connection = null;
                await open.DisposeAsync();
            }
        }

        /// <summary>False: nothing is applied, and nobody has an answer.</summary>
        private async Task<bool> Commit(IReadOnlyList<LedgerWork> batch)
        {
            StatementRounds message;
            Task<bool>[] runs;
            try
            {
                _connection ??= await lane._database.OpenWriter();
                await lane._faults.BeforeCommit(batch.Count);
                message = new StatementRounds(_connection, commits: true);
                runs = [.. batch.Select(w => w.Run(new LedgerSession(message)))];
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                await Close();
                return false;
            }

            // One that has failed by now may have left statements in the message.
            if (runs.Any(r => r.IsFaulted) || !await IsTaken(message))
            {
                await Task.WhenAll((Task[])[.. runs.Where(r => r.IsCompleted)]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return false;
            }

            await lane._faults.AfterCommit(batch.Count);
            if ((await Task.WhenAll(runs)).Contains(false))
            {
                throw new InvalidOperationException("work that commits at once refused what it had written");
            }

            foreach (LedgerWork item in batch)
            {
                item.Answer();
            }

            return true;
        }

        /// <summary>False where the database answered that it has not taken it.</summary>
        private async Task<bool> IsTaken(StatementRounds message)
        {
            try
            {
                await message.SendOnly();
                return true;
            }
            catch (DbException e) when (lane._database.Dialect.Translate(e) is not LedgerFault { Lost: true })
            {
                return false;
            }
        }
    }
}
