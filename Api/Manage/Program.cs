using System.CommandLine;
using NovaOrleans.Manage;

// nova-manage: a client of the HTTP API and of nothing else, so that whatever it does other programs can do too.
// Exit status: 0 done, 1 refused by the API, 2 not understood, 3 the API did not answer.
var globals = new Globals();
var root = new RootCommand(
    "Manages a NovaOrleans cloud over its HTTP API. A network service's own verbs are under its name: vlan network list.");
globals.AddTo(root);
root.Add(ProjectCommands.Make(globals));
root.Add(ObsoleteNetworkCommand.Make());
root.Add(ServerCommands.Make(globals));
root.Add(HostCommands.Make(globals));
root.Add(LedgerCommands.History(globals));
root.Add(LedgerCommands.Audit(globals));
root.Add(LedgerCommands.Services(globals));
root.Add(Ec2KeyCommands.Make(globals));

// The services are whatever the cloud has installed: a first word that is no verb is taken for one of them.
if (Globals.FirstWord(args) is { } word && root.Subcommands.All(c => c.Name != word))
{
    root.Add(ServiceCommands.Make(globals, word));
}

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync(string.Join('\n', parsed.Errors.Select(e => $"nova-manage: {e.Message}")));
    return 2;
}

return await parsed.InvokeAsync();
