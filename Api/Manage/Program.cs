using System.CommandLine;
using NovaOrleans.Manage;

// nova-manage: a client of the HTTP API and of nothing else, so that whatever it does other programs can do too.
var globals = new Globals();
var root = new RootCommand(
    "Manages a NovaOrleans cloud over its HTTP API. A network service's own verbs are under its name: vlan network list.\n\n"
    + "Exit status: 0 done; 1 refused, and why; 2 not understood; 3 no answer from the API.\n"
    + "Tables are for people; with --json every verb gives what the API answered.");
globals.AddTo(root);
root.Add(ProjectCommands.Make(globals));
foreach (Command moved in MovedCommands.All())
{
    root.Add(moved);
}

root.Add(ServerCommands.Make(globals));
root.Add(SecurityGroupCommands.Make(globals));
root.Add(HostCommands.Make(globals));
root.Add(LedgerCommands.History(globals));
root.Add(LedgerCommands.Audit(globals));
root.Add(LedgerCommands.Orphans(globals));
root.Add(ExplainCommand.Make(globals));
root.Add(LedgerCommands.Services(globals));
root.Add(Ec2KeyCommands.Make(globals));
root.Add(TokenCommands.Make(globals));
root.Add(LedgerCommands.Processes(globals));
root.Add(DatabaseCommand.Make());
root.Add(CertificateCommands.Make());
root.Add(DatabaseCommand.Backup());
root.Add(DatabaseCommand.Restore());
root.Add(Completion.Make());

// The services are whatever the cloud has installed: a first word that is no verb is taken for one of them.
string? taken = Globals.FirstWord(Completion.WordsOf(args));
taken = taken is not null && ServiceGroup.MayBe(taken) && root.Subcommands.All(c => c.Name != taken) ? taken : null;
if (taken is not null)
{
    root.Add(ServiceCommands.Make(globals, taken));
}

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && !Completion.IsAsked(args))
{
    await Console.Error.WriteLineAsync(string.Join('\n', Suggestions.For(root, parsed, taken)));
    return ApiFault.NotUnderstood;
}

return await parsed.InvokeAsync();
