using System.Xml.Linq;

namespace NovaOrleans.Seed;

public enum Result
{
    NotRun,
    Passed,
    Failed,
}

/// <summary>
/// What the last runs said: the trx files of <c>./nova test</c> and of <c>./nova test --cluster</c>, and the one word that
/// <c>./nova demo</c> leaves.
/// </summary>
public sealed class Results
{
    private readonly Dictionary<(string Project, string Test), Result> _of = [];

    /// <param name="artifacts">The folder `artifacts`; what is not there was not run.</param>
    public static Results Read(string artifacts)
    {
        var results = new Results();
        string folder = Path.Combine(artifacts, "test-results"), demo = Path.Combine(artifacts, "demo-result");
        foreach (string of in new[] { folder, Path.Combine(folder, "cluster") }.Where(Directory.Exists))
        {
            foreach (string file in Directory.GetFiles(of, "*.trx"))
            {
                results.Take(XDocument.Load(file).Root!);
            }
        }

        results.Demo = !File.Exists(demo) ? Result.NotRun : File.ReadAllText(demo).Trim() switch
        {
            "passed" => Result.Passed,
            "failed" => Result.Failed,
            _ => Result.NotRun,
        };
        return results;
    }

    private Result Demo { get; set; }

    /// <summary>A test of several cases or databases has passed when all of them have.</summary>
    public Result Of(Claim claim) =>
        claim.Project == "Demo" ? Demo : _of.GetValueOrDefault((claim.Project, claim.Test));

    private void Take(XElement run)
    {
        XNamespace trx = run.Name.Namespace;
        Dictionary<string, (string, string)> tests = run.Descendants(trx + "UnitTest").ToDictionary(
            t => t.Attribute("id")!.Value,
            t => (Project(t.Element(trx + "TestMethod")!), t.Element(trx + "TestMethod")!.Attribute("name")!.Value));
        foreach (XElement result in run.Descendants(trx + "UnitTestResult"))
        {
            (string, string) test = tests[result.Attribute("testId")!.Value];
            Result outcome = result.Attribute("outcome")?.Value switch
            {
                "Passed" => Result.Passed,
                "NotExecuted" => Result.NotRun,
                _ => Result.Failed,
            };
            _of[test] = (Result)Math.Max((int)_of.GetValueOrDefault(test), (int)outcome);
        }
    }

    private static string Project(XElement method) =>
        Path.GetFileNameWithoutExtension(method.Attribute("codeBase")!.Value)["NovaOrleans.".Length..];
}
