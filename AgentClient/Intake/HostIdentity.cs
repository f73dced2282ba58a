namespace NovaOrleans.Agent;

/// <summary>
/// What the agent says of its host: who it is, which plug-ins it has, and where other hosts reach it, which is the operator's word
/// (<c>--my_ip</c>) or follows from the host's routes.
/// </summary>
public sealed class HostIdentity(HostName name, HostHello hello, IHostNetwork network)
{
    /// <summary>An operator's word is not looked up.</summary>
    private readonly bool _given = hello.Address is not null;

    public HostName Name { get; } = name;

    public HostHello Hello { get; private set; } = hello;

    public Ip4Address? Address => Ip4Address.TryParse(Hello.Address, out Ip4Address address) ? address : null;

    /// <summary>Reads the address anew. Where it cannot be read it stays as it was: what is running relies on it.</summary>
    public async Task Look(CancellationToken stop)
    {
        if (_given)
        {
            return;
        }

        try
        {
            Hello = Hello with { Address = (await network.OwnAddress(stop))?.ToString() ?? Hello.Address };
        }
        catch (OperatingFaultException)
        {
            // Asked again at the next renewal while there is none, and in the next session.
        }
    }
}
