namespace NovaOrleans.Outcomes;

/// <summary>
/// Something outside did not work: the ledger, a tool, the network. <see cref="MayRetry"/> says whether repeating the
/// same call with the same key can help. A driver's own exceptions do not cross the wire; they are translated to this.
/// </summary>
[GenerateSerializer, Alias("nova.OperatingFault")]
public sealed class OperatingFaultException : Exception
{
    [Id(0)]
    public bool MayRetry { get; }

    public OperatingFaultException(string message, bool mayRetry)
        : base(message) => MayRetry = mayRetry;

    public OperatingFaultException(string message, bool mayRetry, Exception inner)
        : base($"{message}: {inner?.Message}") => MayRetry = mayRetry;
}
