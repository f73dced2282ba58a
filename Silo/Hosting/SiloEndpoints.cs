using System.Net;

namespace NovaOrleans.Silo.Hosting;

/// <summary>
/// Where a silo listens and is reached: by silos on <see cref="SiloPort"/>, by clients on <see cref="GatewayPort"/>. It is
/// the silo's name in the cluster, so it stays the same over restarts.
/// </summary>
public sealed record SiloEndpoints(IPAddress Address, int SiloPort, int GatewayPort);
