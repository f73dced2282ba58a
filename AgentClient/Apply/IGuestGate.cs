namespace NovaOrleans.Agent;

/// <summary>
/// Stands between the network of a guest and the guest: it is started when its network was read back as desired, and
/// forgotten when nothing of its network is left.
/// </summary>
public interface IGuestGate
{
    /// <summary>Of the subjects of <paramref name="waiting"/>, those that must not go on, with the reason.</summary>
    Task<IReadOnlyDictionary<string, string>> Ask(
        DesiredHost desired, IReadOnlyList<Step> waiting, CancellationToken stop);
}
