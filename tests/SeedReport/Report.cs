namespace NovaOrleans.Seed;

/// <summary>What <c>./nova test --seed</c> prints: a line a test, then what is lacking, then the sum.</summary>
internal sealed class Report(Trace trace, Results results, TextWriter output)
{
    /// <returns>False if a claim failed, or rows and claims contradict each other.</returns>
    public bool Write()
    {
        foreach (Row row in trace.Rows)
        {
            string id = row.Id;
            foreach (Claim claim in trace.Claims(row))
            {
                output.WriteLine($"{id,-5} {Word(results.Of(claim)),-8} {claim.Words}");
                id = "";
            }
        }

        output.WriteLine();
        foreach (Row row in trace.Rows.Where(r => r.Lack != Lack.None).OrderBy(r => r.Lack))
        {
            output.WriteLine($"{row.Id,-5} {Page.Word(row.Lack),-8} {row.Reason}");
        }

        foreach (string fault in trace.Faults)
        {
            output.WriteLine($"fault: {fault}");
        }

        output.WriteLine();
        return Sum();
    }

    private bool Sum()
    {
        int failed = Rows(Result.Failed, Lack.None, Lack.Partly);
        output.WriteLine(
            $"{trace.Rows.Count} rows: {Rows(Result.Passed, Lack.None)} shown, {Rows(Result.Passed, Lack.Partly)} shown in part, "
            + $"{failed} failed, {Rows(Result.NotRun, Lack.None, Lack.Partly)} with tests that were not run, "
            + $"{Rows(null, Lack.NotYet)} not yet, {Rows(null, Lack.NotDone)} not done; {trace.Faults.Count} faults");
        return failed == 0 && trace.Faults.Count == 0;
    }

    private int Rows(Result? result, params Lack[] lacks) =>
        trace.Rows.Count(r => lacks.Contains(trace.LackOf(r)) && (result is null || ResultOf(r) == result));

    /// <summary>One failure is a failure, and one that was not run leaves the row open.</summary>
    private Result ResultOf(Row row)
    {
        Result[] all = [.. trace.Claims(row).Select(results.Of)];
        return all.Contains(Result.Failed) ? Result.Failed
            : all.Length == 0 || all.Contains(Result.NotRun) ? Result.NotRun
            : Result.Passed;
    }

    private static string Word(Result result) => result switch
    {
        Result.Passed => "passed",
        Result.Failed => "FAILED",
        _ => "not run",
    };
}
