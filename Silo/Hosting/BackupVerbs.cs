using System.Globalization;
using NovaOrleans.Ledger;
using NovaOrleans.Outcomes;

namespace NovaOrleans.Silo.Hosting;

/// <summary><c>backup FILE</c> and <c>restore FILE</c>: what was done goes to the output, progress to the errors.</summary>
public static class BackupVerbs
{
    /// <summary>Silos may run meanwhile.</summary>
    public static async Task Backup(SiloOptions options, string file)
    {
        if (options.Database is null && !File.Exists(options.LedgerFile))
        {
            throw new OperatingFaultException($"There is no ledger at {options.LedgerFile}: nothing to back up.", mayRetry: false);
        }

        await using LedgerDatabase database = LedgerSetup.Database(options);
        BackupSummary written = await LedgerBackup.Write(database, Path.GetFullPath(file), Console.Error.WriteLine);
        Console.WriteLine($"{Line(written)} of {LedgerSetup.Where(options)} are in {file}, {Size(file)}.");
    }

    /// <summary>No silo may run meanwhile.</summary>
    public static async Task Restore(SiloOptions options, string file, string? wipe)
    {
        using DataFolder? own = options.Database is null ? DataFolder.Take(options.Data) : null;
        await using LedgerDatabase database = LedgerSetup.Database(options);
        BackupSummary read = await LedgerRestore.Read(database, Path.GetFullPath(file), wipe, Console.Error.WriteLine);
        string of = string.Create(
            CultureInfo.InvariantCulture, $"{read.Header.TakenAt:yyyy-MM-ddTHH:mm:ssZ} (schema {read.Header.Schema:0000})");
        Console.WriteLine($"{Line(read)} of {of} are in {LedgerSetup.Where(options)}.");
    }

    private static string Line(BackupSummary done) =>
        string.Create(CultureInfo.InvariantCulture, $"{done.Rows:N0} rows of {done.Tables} tables");

    private static string Size(string file) =>
        string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(file).Length:N0} bytes");
}
