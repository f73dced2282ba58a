using NovaOrleans.Faults;

// The program of ./nova test --faults. As root it first goes into a network namespace of its own, where the run's ports and
// links are nobody else's; the tests of this assembly run it in the same way.
(RunOptions? options, string? fault) = RunOptions.Read(args);
if (options is null)
{
    await Console.Error.WriteLineAsync(fault);
    return 2;
}

if (options.Space is null)
{
    if (!Environment.IsPrivilegedProcess)
    {
        await Console.Error.WriteLineAsync("Faults of links and hosts need network namespaces, and so root.");
        return 2;
    }

    return (await Space.Run(captured: false, [.. args, "--seed", $"{options.Seed}"])).Exit;
}

try
{
    return await new FaultRun(options, Console.WriteLine).Run() ? 0 : 1;
}
catch (Exception e) when (e is TimeoutException or InvalidOperationException or HttpRequestException)
{
    Console.WriteLine($"the run could not be done: {e}");
    Console.WriteLine("0 passed, 1 failed, 0 skipped");
    return 1;
}
