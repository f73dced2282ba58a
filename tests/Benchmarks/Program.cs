using NovaOrleans.Benchmarks;
using NovaOrleans.Benchmarks.Agents;
using NovaOrleans.Benchmarks.Allocate;
using NovaOrleans.Benchmarks.Hosts;
using NovaOrleans.Benchmarks.Http;

// One verb a subject; each prints a line a figure, and last how many held their target.
return args switch
{
    ["allocate", .. var rest] => await AllocateBenchmark.Run(BenchOptions.Parse(rest)),
    ["http", .. var rest] => await HttpBenchmark.Run(BenchOptions.Parse(rest)),
    ["host", .. var rest] => await HostBenchmark.Run(BenchOptions.Parse(rest)),
    ["agents", .. var rest] => await AgentsBenchmark.Run(BenchOptions.Parse(rest)),
    // The load comes from a process of its own: this program again.
    ["allocate-client", .. var rest] => await AllocateClient.Run(rest),
    ["agents-load", .. var rest] => await AgentsLoad.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench allocate|http|host|agents [--quick] [--json] [--seconds N] [--agents N]");
    return 2;
}
