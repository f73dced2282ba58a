namespace NovaOrleans.BrokenPlugins;

/// <summary>The plug-in that its folder is named for, as <c>broken.network.clock</c>: one assembly, as many services as copies.</summary>
public sealed class BrokenNetworkService : INetworkService
{
    private readonly RightService _service;

    public BrokenNetworkService()
    {
        string folder = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(typeof(BrokenNetworkService).Assembly.Location)!);
        Path = ServicePath.Parse(folder);
        Type kind = typeof(RightService).Assembly.GetTypes().Single(t =>
            typeof(RightService).IsAssignableFrom(t) && WordOf(t.Name) == Path.ShortName);
        _service = (RightService)Activator.CreateInstance(kind)!;
        _service.Path = Path;
    }

    /// <summary>The words by which all of them are known, the right one first.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [
        .. typeof(RightService).Assembly.GetTypes().Where(typeof(RightService).IsAssignableFrom)
            .OrderBy(t => t != typeof(RightService)).ThenBy(t => t.Name, StringComparer.Ordinal).Select(t => WordOf(t.Name)),
    ];

    public ServicePath Path { get; }
    public string Version => "1.0.0";
    public int ContractVersion => _service.ContractVersion;
    public IOsService GetOsService(INetworkServiceHost host) => _service.Os(host);
    public IOsApiService GetOsApiService(INetworkServiceHost host) => _service.OsApi(host);
    public INetAgent GetNetAgent(IHostLink link) => _service.Agent(link);

    /// <summary><c>OtherOrderService</c> is <c>other_order</c>.</summary>
    private static string WordOf(string type) => string.Concat(
        type.Replace("Service", "", StringComparison.Ordinal).Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}"
            : $"{char.ToLowerInvariant(c)}"));
}

/// <summary>The right one, and what the others override one thing of.</summary>
internal class RightService
{
    public ServicePath Path { get; set; }
    public virtual int ContractVersion => NetworkServiceContract.Version;
    public virtual IOsService Os(INetworkServiceHost host) => new RightOs(Path, host.Grains);
    public virtual IOsApiService OsApi(INetworkServiceHost host) => new RightOsApi(Path, host.Grains);
    public virtual INetAgent Agent(IHostLink link) => new RightAgent(link);
}
