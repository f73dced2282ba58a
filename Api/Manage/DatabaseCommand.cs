using System.CommandLine;

namespace NovaOrleans.Manage;

/// <summary>
/// The verbs that need no running API belong to the server's program (docs/decisions/0012-nova-manage-speaks-http.md): ./nova manage
/// hands them on to it; this program alone says where they are.
/// </summary>
internal static class DatabaseCommand
{
    public static Command Make()
    {
        var rest = new Argument<string[]>("options") { Arity = ArgumentArity.ZeroOrMore };
        var sync = new Command("sync", "Brings the ledger's schema up to date") { rest };
        sync.TreatUnmatchedTokensAsErrors = false;
        sync.SetAction(async (parsed, _) =>
        {
            await Console.Error.WriteLineAsync(
                "nova-manage: 'db sync' works on the database itself: run it as './nova manage db sync', "
                + "or as 'NovaOrleans.Silo db sync' beside the server");
            return ApiFault.NotUnderstood;
        });
        return new Command("db", "The ledger's database, without a running API; ./nova manage hands this to the server's program")
        {
            sync,
        };
    }
}
