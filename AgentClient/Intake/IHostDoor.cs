namespace NovaOrleans.Agent;

/// <summary>The way to the host's grain. It can be built anew when calls through it keep failing.</summary>
public interface IHostDoor
{
    /// <summary>Connects if it is not connected.</summary>
    Task<IHostGrain> Open(CancellationToken stop);

    /// <summary>What the grain can push to; the same until <see cref="Rebuild"/>.</summary>
    IHostObserver Ear(IHostObserver listener);

    /// <summary>Drops the connection; the next <see cref="Open"/> makes a new one.</summary>
    Task Rebuild();
}
