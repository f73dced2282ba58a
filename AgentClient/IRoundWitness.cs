namespace NovaOrleans.Agent;

/// <summary>Is shown what each round came to, after the host was read back.</summary>
public interface IRoundWitness
{
    void Seen(HostAssignment assignment, Verified verified);

    /// <summary>The host could not even be looked at.</summary>
    void Failed(string reason)
    {
    }
}
