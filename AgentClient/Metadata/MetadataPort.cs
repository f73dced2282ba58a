namespace NovaOrleans.Agent.Metadata;

/// <summary>Where guests read about themselves: what they send to the one goes to the other on their gateway's host.</summary>
public static class MetadataPort
{
    /// <summary>The address that guests know, of every cloud; TCP port 80.</summary>
    public const string Address = "169.254.169.254";

    /// <summary>Where the agent listens, on every bridge that has an address of ours.</summary>
    public const int Number = 8775;
}
