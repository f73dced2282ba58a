using NovaOrleans.Outcomes;
using NovaOrleans.Silo;
using NovaOrleans.Silo.Hosting;

// The server process: `run` (unless given) serves grains and API here; `db sync` brings the ledger's schema up to date;
// `backup FILE` and `restore FILE` write and read all that it holds.
if (NovaOrleans.Api.Usage.IsAskedFor(args))
{
    Console.WriteLine(Usage.Text);
    return 0;
}

string[] words = [.. args.TakeWhile(a => !a.StartsWith('-'))];
IConfiguration configuration = new ConfigurationBuilder()
    .AddEnvironmentVariables("NOVA_")
    // Options that need no value; the reader of command lines takes none without.
    .AddCommandLine([.. args.Skip(words.Length).Select(Flag)])
    .Build();
(SiloOptions? options, IReadOnlyList<string> faults) = SiloOptions.From(configuration);
faults = [.. faults, .. SiloOptions.SecretsIn(args)];
if (options is null || faults.Count > 0)
{
    await Console.Error.WriteLineAsync(string.Join('\n', faults));
    return 2;
}

try
{
    switch (words)
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
                $"'{string.Join(' ', words)}' is no verb here; accepted is run, db sync, backup FILE or restore FILE.");
            return 2;
    }
}
catch (OperatingFaultException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}

static string Flag(string argument) => argument switch
{
    "--allow-orphans" => "--allow_orphans=true",
    "--dashboard" => "--dashboard=true",
    _ => argument,
};
