namespace NovaOrleans.Ledger;

/// <summary>
/// What became of a failed statement. <see cref="Again"/>: the same work may simply be run again (a deadlock, a
/// serialization failure); <see cref="Lost"/>: the connection is gone, and with it everything not yet committed.
/// </summary>
internal sealed class LedgerFault(string message, bool again, bool lost) : Exception(message)
{
    public bool Again { get; } = again;
    public bool Lost { get; } = lost;

    public OperatingFaultException ToOperatingFault()
    {
        LedgerMeter.Failed();
        return new OperatingFaultException(Message, mayRetry: Again || Lost);
    }
}
