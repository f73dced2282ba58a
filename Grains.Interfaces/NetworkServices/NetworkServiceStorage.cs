namespace NovaOrleans.NetworkServices;

/// <summary>
/// Where a network service's own grains keep what they must not lose:
/// <c>[PersistentState("its.module.path.what", NetworkServiceStorage.Name)]</c>.
/// Every silo has this storage; it is the server's own database, SQLite or PostgreSQL, and is backed up with it.
/// </summary>
/// <remarks>
/// A state's name begins with the service's module path: rows are told apart by it, and not by the grain's class. A state is a class with
/// Orleans' <c>[GenerateSerializer]</c> and <c>[Id]</c>s, or of types that have them. Each write writes the whole state, and is durable
/// when it returns; one that fails leaves the grain to be deactivated, since what was kept is not known.
/// </remarks>
public static class NetworkServiceStorage
{
    public const string Name = "network-services";
}
