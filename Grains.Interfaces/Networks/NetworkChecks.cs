namespace NovaOrleans.Networks;

/// <summary>Who sees a network of a service; whoever does not is told that it is not there. Pure.</summary>
public static class NetworkChecks
{
    /// <summary>
    /// A project sees its own, and with <paramref name="free"/> also those without project; nobody's scope (null) is everybody's.
    /// </summary>
    public static bool Sees(ServicePath service, ProjectId? scope, bool free, NetworkView network) =>
        network.Service == service
        && (scope is not { } project || network.Project == project || (network.Project is null && free));

    public static Refusal NotFound(object id) => Refusal.NotFound(RefusalCode.NetworkNotFound, "network", id);
}
