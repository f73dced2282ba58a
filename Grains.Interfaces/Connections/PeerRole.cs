namespace NovaOrleans.Connections;

/// <summary>What the holder of a certificate is to a cluster.</summary>
public enum PeerRole
{
    /// <summary>A member: it may do everything, and alone is let in at the silo port.</summary>
    Silo = 0,

    /// <summary>The HTTP facade: it calls the grains of the product and of the network services.</summary>
    Api = 1,

    /// <summary>A compute host: it reaches its own host's grain and nothing else.</summary>
    Host = 2,

    /// <summary>An operator's own tool on the control network; like a silo it may call everything, but it is no member.</summary>
    Admin = 3,
}
