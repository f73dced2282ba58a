using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Silo.Hosting;

/// <summary>What people read when the server is up: where it is, what it has, and what to try next.</summary>
public static class Welcome
{
    public static void Print(SiloOptions options, NetworkServiceManager services)
    {
        if (options.Database is not null)
        {
            PrintMember(options, services);
            return;
        }

        string url = options.Urls.Split(';')[0];
        Console.WriteLine($"""

            NovaOrleans is up.

              API                {url}          (OpenAPI: {url}/openapi/v1.json)
              data               {options.Data}
              admin token        {options.TokenFile} (./nova manage finds it by itself)
              ledger             {LedgerSetup.Where(options)}
              compute host       {AgentLine(options)}
              network services   {ServicesLine(services)}
            """);
        foreach (LoadFault fault in services.Faults)
        {
            Console.WriteLine($"                     not loaded: {fault}");
        }

        Console.WriteLine("""

            Try, in another terminal:

              ./nova manage project network_set demo flat_dhcp
              ./nova manage flat_dhcp network create blue --cidr 10.20.0.0/24
              ./nova manage server create web1

            Ctrl-C stops it; everything is kept.

            """);
    }

    /// <summary>A member of a cluster says little: it is started by a supervisor, and its output is a log.</summary>
    private static void PrintMember(SiloOptions options, NetworkServiceManager services)
    {
        SiloEndpoints at = options.Endpoints;
        string api = options.Role == ServerRole.All ? $"API {options.Urls}, admin token {options.TokenFile}" : "no API here";
        Console.WriteLine(
            $"NovaOrleans is up: cluster {options.ClusterId}, silo {at.Address}:{at.SiloPort}, gateway {at.GatewayPort}, {api}; "
            + $"network services {ServicesLine(services)}.");
        foreach (LoadFault fault in services.Faults)
        {
            Console.WriteLine($"not loaded: {fault}");
        }
    }

    private static string AgentLine(SiloOptions options) => options.Agent switch
    {
        AgentChoice.None => "none here (--agent none)",
        AgentChoice.Fake => $"{options.Host}, on the fake host: no packet flows",
        _ when !AgentProcess.MayTouchKernel => $"{options.Host}, on the fake host: without root on Linux no packet flows",
        _ => options.Netns is { } netns ? $"{options.Host}, in network namespace {netns}" : options.Host.Value,
    };

    private static string ServicesLine(NetworkServiceManager services) => services.List().Count == 0
        ? "none"
        : string.Join(", ", services.List().Select((INetworkService s) => s.Path.Value));
}
