using NovaOrleans.Api;
using NovaOrleans.Outcomes;
using NovaOrleans.Silo;
using NovaOrleans.Silo.Hosting;
using Usage = NovaOrleans.Silo.Usage;

// The server process: `run` (unless given) serves grains and API here; `db sync` brings the ledger's schema up to date;
// `backup FILE` and `restore FILE` write and read all that it holds.
if (CommandLine.AsksForHelp(args))
{
    Console.WriteLine(Usage.Text);
    return 0;
}

CommandLine line = CommandLine.Read(args, Usage.Text);
IConfiguration configuration = new ConfigurationBuilder()
    .AddEnvironmentVariables("NOVA_")
    .AddCommandLine([.. line.Settings])
    .Build();
(SiloOptions? options, IReadOnlyList<string> faults) = SiloOptions.From(configuration);
faults = [.. line.Faults, .. faults];
foreach (string doubt in CommandLine.Doubts(Environment.GetEnvironmentVariables().Keys.Cast<string>(), Usage.Text))
{
    await Console.Error.WriteLineAsync(doubt);
}

if (options is null || faults.Count > 0)
{
    await Console.Error.WriteLineAsync(string.Join('\n', faults));
    return 2;
}

try
{
    switch (line.Words)
    {
        case [] or ["run"]:
            await NovaServer.Run(options, configuration);
            return 0;
        case ["db", "sync"]:
            await LedgerSetup.Sync(options);
            return 0;
        case ["backup", var file]:
            await BackupVerbs.Backup(options, file);
            return 0;
        case ["restore", var file]:
            await BackupVerbs.Restore(options, file, configuration["wipe"]);
            return 0;
        default:
            await Console.Error.WriteLineAsync(
                $"'{string.Join(' ', line.Words)}' is no verb here; accepted is run, db sync, backup FILE or restore FILE.");
            return 2;
    }
}
catch (Exception e) when (e is OperatingFaultException or FormatException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
