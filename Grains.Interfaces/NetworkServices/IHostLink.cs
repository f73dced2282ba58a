namespace NovaOrleans.NetworkServices;

/// <summary>A net-agent's only way to the core: its own host's grain, and its own host's state (S28).</summary>
public interface IHostLink
{
    HostName Host { get; }

    /// <summary>
    /// Where other hosts reach this one (<c>--my_ip</c>, or by its routes): what an overlay sends from. Null where it has none, or
    /// none is known yet. It is an input of <see cref="INetAgent.Translate"/> like the bindings, and changes with the session at most.
    /// </summary>
    Ip4Address? Address => null;

    /// <summary>Asks the core to give each VNIC a port; answers at once for those already bound.</summary>
    Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics);

    /// <summary>Completes when the host has read back that the network of these VNICs is as desired.</summary>
    Task UntilVerified(IReadOnlyList<VnicId> vnics);

    /// <summary>Completes when the host has read back that nothing of these VNICs is left.</summary>
    Task UntilGone(IReadOnlyList<VnicId> vnics);
}
