using NovaOrleans.Benchmarks;
using NovaOrleans.Benchmarks.Agents;
using NovaOrleans.Benchmarks.Allocate;
using NovaOrleans.Benchmarks.Reports;

// One verb a subject; each prints a line a figure, and last how many held their target.
return args switch
{
    ["all", .. var rest] => await Verbs.RunAll(rest),
    ["report", var file, .. var rest] => Report.Run(file, rest),
    ["help" or "--help" or "-h"] or [_, "--help"] => Help(Console.Out, exit: 0),
    // The load comes from a process of its own: this program again.
    ["pool-client", .. var rest] => await PoolClient.Run(rest),
    ["agents-load", .. var rest] => await AgentsLoad.Run(rest),
    [var name, .. var rest] when Verbs.Find(name) is { } verb => await verb.Run(BenchOptions.Parse(rest)),
    _ => Help(Console.Error, exit: 2),
};

static int Help(TextWriter output, int exit)
{
    Verbs.Help(output);
    return exit;
}
