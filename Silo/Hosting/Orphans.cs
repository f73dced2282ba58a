using System.Globalization;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Outcomes;

namespace NovaOrleans.Silo.Hosting;

/// <summary>
/// VNICs that live while their network service is not installed any more (D12): nobody could translate, bind or free them, and
/// that mostly means that the configuration file lost a line.
/// </summary>
public static partial class Orphans
{
    /// <exception cref="OperatingFaultException">There are such, and they are not allowed.</exception>
    public static async Task Check(IServiceProvider services, SiloOptions options)
    {
        NetworkServiceManager installed = services.GetRequiredService<NetworkServiceManager>();
        List<(string Service, long Vnics)> live = await services.GetRequiredService<ILedger>().Read(s => s.Query(
            "select service, count(*) as n from ethernet_cards where not deleted group by service order by service",
            r => (r.Text("service"), r.Long("n"))));
        string orphans = string.Join(", ", live
            .Where(l => installed.List().All(s => s.Path.Value != l.Service))
            .Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Vnics} of {l.Service}")));
        if (orphans.Length == 0)
        {
            return;
        }

        if (!options.AllowOrphans)
        {
            string reasons = string.Join(' ', installed.Faults.Select(f => f.Reason));
            throw new OperatingFaultException(
                $"VNICs live whose network service is not installed: {orphans}. List it in the configuration file again, or start "
                    + $"with --allow-orphans; then 'nova-manage orphans' lists them.{(reasons.Length > 0 ? $" {reasons}" : "")}",
                mayRetry: false);
        }

        Told(services.GetRequiredService<ILoggerFactory>().CreateLogger("NovaOrleans.Orphans"), orphans);
    }

    [LoggerMessage(LogLevel.Warning, "VNICs live whose network service is not installed: {Orphans}")]
    private static partial void Told(ILogger logger, string orphans);
}
