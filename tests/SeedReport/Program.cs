using NovaOrleans.Seed;

// seed-report ROOT [--write]: what of the seed the tests show. Runs no test; with --write it makes docs/seed.md.
if (args is not [var root, .. var options] || options is not ([] or ["--write"]))
{
    Console.Error.WriteLine("usage: ./nova test --seed [--write]");
    return 2;
}

Trace trace = Trace.Of(root);
bool sound = new Report(trace, Results.Read(Path.Combine(root, "artifacts")), Console.Out).Write();
if (options is ["--write"])
{
    File.WriteAllText(Path.Combine(root, "docs", "seed.md"), Page.Of(trace));
    Console.WriteLine("written: docs/seed.md");
}

return sound ? 0 : 1;
