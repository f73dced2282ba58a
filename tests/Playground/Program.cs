using System.CommandLine;
using NovaOrleans.Playground;

// `./nova cluster`: a whole cluster on this machine's loopback address, for people to play with.
Console.OutputEncoding = System.Text.Encoding.UTF8;
Option<string> folder = new("--dir")
{
    Description = "the one folder with everything of it: process ids, logs, tokens, data",
    DefaultValueFactory = _ => Folders.Usual,
    Recursive = true,
};
Option<int> silos = Count("--silos", "how many silos", 3, 1, 9);
Option<int> facades = Count("--facades", "how many facades", 2, 1, 9);
Option<int> hosts = Count("--hosts", "how many compute hosts", 2, 0, 9);
Option<bool> fake = new("--fake") { Description = "compute hosts in memory also for root: no packet flows" };
Option<bool> keep = new("--keep") { Description = "keep the folder: the next up goes on with its data" };

Command up = new("up", "start it, or whatever of it does not run") { silos, facades, hosts, fake };
up.SetAction(parsed => Told(() => new UpVerb(Folder(parsed)).Run(
    parsed.GetValue(silos), parsed.GetValue(facades), parsed.GetValue(hosts), parsed.GetValue(fake))));
Command status = new("status", "what runs, where, since when");
status.SetAction(parsed => Told(() => new StatusVerb(Folder(parsed)).Run()));
Command down = new("down", "end it: exactly the processes that up started, and the hosts' namespaces; removes its data") { keep };
down.SetAction(parsed => Told(() => new DownVerb(Folder(parsed)).Run(parsed.GetValue(keep))));

RootCommand root = new("A private PostgreSQL, three silos, two facades and two compute hosts on the loopback address.")
{
    folder, up, status, down,
};
return await root.Parse(args).InvokeAsync();

string Folder(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(folder)!);

static Option<int> Count(string name, string description, int usual, int least, int most)
{
    Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => usual };
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is int n && (n < least || n > most))
        {
            result.AddError($"{name} was {n}; accepted is {least} to {most}.");
        }
    });
    return option;
}

static async Task<int> Told(Func<Task<int>> verb)
{
    try
    {
        return await verb();
    }
    catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync($"cluster: {e.Message}");
        return 1;
    }
}
