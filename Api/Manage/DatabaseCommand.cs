using System.CommandLine;

namespace NovaOrleans.Manage;

/// <summary>
/// The verbs that need no running API belong to the server's program (docs/decisions/0012-nova-manage-speaks-http.md): ./nova manage
/// hands them on to it; this program alone says where they are.
/// </summary>
internal static class DatabaseCommand
{
    public static Command Make() => new(
        "db", "The ledger's database, without a running API; ./nova manage hands this to the server's program")
    {
        Handed("sync", "Brings the ledger's schema up to date", "db sync"),
    };

    public static Command Backup() => Handed("backup", "Writes all that the ledger holds into one file: backup FILE", "backup FILE");

    public static Command Restore() => Handed(
        "restore", "Puts a backup into an empty database: restore FILE [--wipe NAME]", "restore FILE");

    private static Command Handed(string name, string description, string words)
    {
        var command = new Command(name, description)
        {
            new Argument<string[]>("options") { Arity = ArgumentArity.ZeroOrMore },
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (_, _) =>
        {
            await Console.Error.WriteLineAsync(
                $"nova-manage: '{words}' works on the database itself: run it as './nova manage {words}', "
                + $"or as 'NovaOrleans.Silo {words}' beside the server");
            return ApiFault.NotUnderstood;
        });
        return command;
    }
}
