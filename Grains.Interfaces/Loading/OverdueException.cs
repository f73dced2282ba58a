namespace NovaOrleans.NetworkServices.Loading;

/// <summary>A network service did not answer in time: what became of the call is not known.</summary>
public sealed class OverdueException(string message) : Exception(message)
{
    /// <summary>As it crosses the wire.</summary>
    public OperatingFaultException ToOperatingFault() => new(Message, mayRetry: true);
}
