using NovaOrleans.Projects;
using Npgsql;

namespace NovaOrleans.Ledger;

internal sealed partial class PostgresHoldLane
{
    /// <summary>One connection, and one batch at a time.</summary>
    private sealed class Writer(PostgresHoldLane lane)
    {
        /// <summary>
        /// So many batches expect refusals after one that met some: who repeats what is refused, or is near a limit, costs others little.
        /// </summary>
        private const int Wary = 64;

        private PostgresConnection? _connection;

        /// <summary>Batches that are still to expect refusals, after one had some.</summary>
        private int _wary;

        public async Task CommitBatch(IReadOnlyList<HotOperation> batch)
        {
            try
            {
                if (!await Attempt(batch, last: batch.Count == 1))
                {
                    foreach (HotOperation operation in batch)
                    {
                        await Attempt([operation], last: true);
                    }
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Fail(batch, new OperatingFaultException("the ledger's writer failed", mayRetry: true, e));
                await Close();
            }
        }

        public async Task Close()
        {
            if (_connection is { } broken)
            {
                _connection = null;
                await broken.DisposeAsync();
            }
        }

        /// <summary>
        /// One transaction. False: it, or one that is all or none, refused the batch as a whole, and nothing was applied.
        /// </summary>
        private async Task<bool> Attempt(IReadOnlyList<HotOperation> batch, bool last)
        {
            List<WaitingHold> holds = [.. batch.OfType<WaitingHold>()];
            List<WaitingFree> frees = [.. batch.OfType<WaitingFree>()];
            try
            {
                _connection ??= await OpenWriter();
                await lane._faults.BeforeCommit(batch.Count);
            }
            catch (Exception e) when (e is LedgerFault or OperatingFaultException or NpgsqlException)
            {
                await Close();
                OperatingFaultException fault =
                    e as OperatingFaultException ?? new("the ledger has no writer", mayRetry: true, e);
                return last && Fail(batch, fault);
            }

            try
            {
                if (!Send(holds, frees) && !last)
                {
                    return false;
                }

                await lane._faults.AfterCommit(batch.Count);
            }
            catch (PostgresException e) when (lane._database.Dialect.Translate(e) is LedgerConflictException conflict)
            {
                return last && Conflict(batch[0], conflict);
            }
            catch (PostgresException e)
            {
                var fault = (LedgerFault)lane._database.Dialect.Translate(e);
                return last && ((fault.Again && lane.TriesAgain(batch[0])) || Fail(batch, fault.ToOperatingFault()));
            }
            catch (Exception e) when (e is NpgsqlException or IOException or OperatingFaultException)
            {
                await Close();
                return Fail(
                    batch,
                    new OperatingFaultException("it is not known whether the commit was applied", mayRetry: true, e));
            }

            Answer(holds, frees);
            return true;
        }

        /// <summary>
        /// The statements never change and their arrays' sizes say nothing about the rows they meet, so they are planned once: while a new
        /// database is empty, when to read all cards looks cheapest, and until it is analyzed. At 100,000 cards that was 10 ms of each
        /// batch that deleted some, so whole tables are not read here; every table has an index that these can go by. Nor are rows gathered
        /// in bitmaps: for the few that an operation meets each plan had two steps more, which every batch sets up and takes down, a tenth
        /// of what one create cost PostgreSQL (437 and 390 µs; 207 and 197 a pair where 32 are at work).
        /// </summary>
        private async Task<PostgresConnection> OpenWriter()
        {
            PostgresConnection writer = (PostgresConnection)await lane._database.OpenWriter();
            await writer.Script(
                "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off; set jit = off");
            return writer;
        }

        /// <summary>Sends the batch and commits; false as <see cref="HoldMessage.Send"/>.</summary>
        private bool Send(List<WaitingHold> holds, List<WaitingFree> frees)
        {
            HoldMessage message = new(_connection!.Inner, holds, frees, lane._quotas.Of(QuotaKind.FixedIps));
            if (_wary == 0 && message.IsOfCards)
            {
                try
                {
                    bool whole = message.Send(conflicts: false);
                    if (!whole || !message.IsHeldByNone)
                    {
                        return whole;
                    }

                    // Committed without a hold: what it freed is done, and each hold is to have its own outcome. It may only be that what
                    // bounds a project had to be counted, which says nothing of the next batch.
                    Answer([], frees);
                    frees.Clear();
                    whole = message.Send(conflicts: true);
                    _wary = holds.TrueForAll(h => h.IsMade) ? 0 : Wary;
                    return whole;
                }
                catch (PostgresException e) when (lane._database.Dialect.Translate(e) is LedgerConflictException)
                {
                    message.Forget();
                    _wary = Wary;
                }
            }

            _wary = Math.Max(0, _wary - 1);
            return message.Send(conflicts: true);
        }

        private void Answer(List<WaitingHold> holds, List<WaitingFree> frees)
        {
            List<HotOperation> refused = [];
            foreach (WaitingHold hold in holds)
            {
                if (hold.IsMade)
                {
                    hold.Answer();
                }
                else
                {
                    refused.Add(hold);
                }
            }

            foreach (WaitingFree free in frees)
            {
                if (free.Freed is null)
                {
                    refused.Add(free);
                }
                else
                {
                    free.Answer();
                }
            }

            if (refused.Count > 0)
            {
                _ = Task.Run(() => lane.Refuse(refused));
            }
        }

        private static bool Conflict(HotOperation operation, LedgerConflictException conflict)
        {
            if (operation is WaitingHold hold && SqliteHoldLane.OfConflict(conflict) is { } refused)
            {
                hold.Refuse(refused);
                return true;
            }

            return Fail([operation], SqliteHoldLane.AddressConflict(conflict));
        }
    }
}
