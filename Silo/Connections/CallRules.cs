using NovaOrleans.Connections;
using NovaOrleans.Hosts;

namespace NovaOrleans.Silo.Connections;

/// <summary>
/// What a client may call, by its role; whatever is not named here is refused. Silos and the grains among themselves are not
/// asked: they came in by the silo port.
/// </summary>
internal sealed class CallRules(Func<Type, bool> isOfNetworkService)
{
    /// <summary>Every Orleans client asks the silos for the list of their grains before its first call.</summary>
    private const string Manifest = "Orleans.Runtime.IClusterManifestSystemTarget";

    private static readonly string[] s_agents =
    [
        nameof(IHostGrain.OpenSession), nameof(IHostGrain.Renew), nameof(IHostGrain.Report), nameof(IHostGrain.ReportLeases),
        nameof(IHostGrain.BindVnicsToPorts), nameof(IHostGrain.Snapshot),
    ];

    /// <summary>What only a host may say of itself.</summary>
    private static readonly string[] s_hostsOnly = [.. s_agents.Except([nameof(IHostGrain.Snapshot)])];

    /// <summary>Of the management grain, what the list of processes is made of.</summary>
    private static readonly string[] s_looking = [nameof(IManagementGrain.GetHosts), nameof(IManagementGrain.GetDetailedHosts)];

    /// <summary>The sentence by which a call is refused; null where it is allowed.</summary>
    public string? WhyNot(Peer peer, Type contract, string method, GrainId target) =>
        contract.FullName == Manifest
            ? null
            : peer.Role switch
            {
                PeerRole.Silo or PeerRole.Admin => null,
                PeerRole.Api => OfApi(contract, method)
                    ? null : $"The api's certificate does not reach {contract.Name}.{method}: that is not what the facade is for.",
                PeerRole.Host => OfHost(peer, contract, method, target)
                    ? null
                    : $"The certificate of {peer} reaches what an agent says to the grain of {peer} and nothing else; "
                        + $"asked was {contract.Name}.{method} of {target}.",
                _ => $"The role {peer} may call nothing.",
            };

    private bool OfApi(Type contract, string method) =>
        contract == typeof(IManagementGrain) ? s_looking.Contains(method)
        : contract == typeof(IHostGrain) ? !s_hostsOnly.Contains(method)
        : contract.Assembly == typeof(IHostGrain).Assembly || isOfNetworkService(contract);

    private static bool OfHost(Peer peer, Type contract, string method, GrainId target) =>
        contract == typeof(IHostGrain) && s_agents.Contains(method) && target.Key.ToString() == peer.Host?.Value;
}
