using System.Globalization;
using System.Text.RegularExpressions;
using NovaOrleans.Testing;
using Npgsql;

namespace NovaOrleans.Benchmarks.Allocate;

/// <summary>
/// The hand-written transaction, by pgbench: a VNIC and whichever free address comes first, <c>for update skip
/// locked</c>. Of the ways to write it this is the fastest.
/// </summary>
internal sealed partial class Baseline(PostgresCluster cluster, string connection)
{
    private static string File(string name) => Path.Combine(AppContext.BaseDirectory, "Allocate", name);

    public static async Task<Baseline> Prepare(PostgresCluster cluster) =>
        new(cluster, await cluster.CreateDatabase());

    /// <summary>Transactions per second, from a pool that is full of free addresses again.</summary>
    public async Task<double> Measure(int clients, int seconds)
    {
        string database = new NpgsqlConnectionStringBuilder(connection).Database!;
        await PostgresCluster.Run(
            "psql",
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", File("baseline-fill.sql"),
                .. cluster.ClientArguments(database)]);
        string report = await PostgresCluster.Run(
            "pgbench",
            ["-n", "-M", "prepared", "-c", $"{clients}", "-j", "2", "-T", $"{seconds}", "-f", File("baseline.sql"),
                .. cluster.ClientArguments(database)]);
        return double.Parse(Rate().Match(report).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Rate();
}
