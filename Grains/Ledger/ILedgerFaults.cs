namespace NovaOrleans.Ledger;

/// <summary>
/// Where tests make the ledger fail. Registered in place of <see cref="None"/>; an exception from
/// <see cref="BeforeCommit"/> is a database that refused the batch, one from <see cref="AfterCommit"/> a commit whose
/// acknowledgement was lost.
/// </summary>
public interface ILedgerFaults
{
    ValueTask BeforeCommit(int operations);

    ValueTask AfterCommit(int operations);

    static ILedgerFaults None { get; } = new NoFaults();

    private sealed class NoFaults : ILedgerFaults
    {
        public ValueTask BeforeCommit(int operations) => ValueTask.CompletedTask;
        public ValueTask AfterCommit(int operations) => ValueTask.CompletedTask;
    }
}
