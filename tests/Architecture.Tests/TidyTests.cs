using System.Text.RegularExpressions;

namespace NovaOrleans.Architecture;

/// <summary>What a formatter does not see: sizes, names, and prose that must stay true.</summary>
public partial class TidyTests
{
    private const int LongestFile = 300;
    private const int LongestLine = 140;

    private static readonly string[] TopFolders = ["AgentClient", "Api", "Grains", "Grains.Interfaces", "Silo", "deploy", "docs", "tests"];

    /// <summary>Files that may be longer, each with the reason.</summary>
    private static readonly Dictionary<string, string> Longer = [];

    private static readonly string[] Code = [.. Tree.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal))];
    private static readonly string[] Prose = [.. Tree.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal))];

    [Fact]
    public void A_file_fits_one_mind() => Law.Holds(
        $"a C# file has at most {LongestFile} lines",
        "a longer one has two subjects; every 3,000-line file began as a 400-line one",
        Code.Length,
        from file in Code
        let lines = Lines(file).Length
        where lines > LongestFile && !Longer.ContainsKey(file)
        select $"{file}: {lines} lines");

    [Fact]
    public void An_exception_of_length_is_needed() => Law.Holds(
        "a file that may be longer is longer",
        "an exception that nobody needs any more hides the next one",
        1,
        Longer.Keys.Where(f => !Tree.Exists(f) || Lines(f).Length <= LongestFile));

    [Fact]
    public void The_top_level_says_what_there_is() => Law.Holds(
        $"the folders at the top are {string.Join(", ", TopFolders)}",
        "whoever opens the repository sees the parts of the system, and nothing that is a part of a part",
        Tree.Files.Count,
        from file in Tree.Files
        where file.Contains('/', StringComparison.Ordinal)
        let top = file[..file.IndexOf('/', StringComparison.Ordinal)]
        where !TopFolders.Contains(top) && !top.StartsWith('.')
        select top);

    [Fact]
    public void A_line_fits_a_review() => Law.Holds(
        $"a line of the product or its script has at most {LongestLine} columns; a test's table may be wider",
        "two versions stand side by side in a review",
        Code.Length,
        from file in Code.Where(f => !f.StartsWith("tests/", StringComparison.Ordinal)).Append("nova").Append(".ci/run")
        from line in Lines(file).Select((text, i) => (text, number: i + 1))
        where line.text.Length > LongestLine
        select $"{file}:{line.number}: {line.text.Length} columns");

    [Fact]
    public void Nothing_is_put_off_in_a_comment() => Law.Holds(
        "no file says that something is still to be done",
        "what is missing is an issue; in a comment it is forgotten",
        Code.Length,
        from file in Tree.Files.Where(IsText)
        from line in Lines(file).Select((text, i) => (text, number: i + 1))
        where PutOff().IsMatch(line.text)
        select $"{file}:{line.number}: {line.text.Trim()}");

    [Fact]
    public void No_test_is_skipped() => Law.Holds(
        "no test has a Skip",
        "a skipped test says green and tests nothing: mend it or take it away",
        Code.Count(f => f.Contains(".Tests/", StringComparison.Ordinal)),
        Code.Where(f => SkippedTest().IsMatch(Tree.Read(f))));

    [Fact]
    public void Nothing_names_the_machine_it_was_written_on() => Law.Holds(
        "no file has a path of somebody's home or workplace",
        "it works on that machine and on no other",
        Tree.Files.Count,
        from file in Tree.Files.Where(IsText)
        from line in Lines(file).Select((text, i) => (text, number: i + 1))
        where MachinePath().IsMatch(line.text)
        select $"{file}:{line.number}: {line.text.Trim()}");

    [Fact]
    public void Files_are_named_for_what_they_hold() => Law.Holds(
        "no file is a Helper, Util, Common or Manager",
        "such a name says that nobody knew what it is; the seed's own NetworkServiceManager is the one exception",
        Code.Length,
        Code.Where(f => VagueName().IsMatch(Path.GetFileNameWithoutExtension(f)) && !f.Contains("NetworkServiceManager")));

    [Fact]
    public void A_page_has_one_title() => Law.Holds(
        "a markdown file has exactly one '#' title",
        "one page, one subject",
        Prose.Length,
        from file in Prose
        let titles = WithoutCode(Tree.Read(file)).Split('\n').Count(l => l.StartsWith("# ", StringComparison.Ordinal))
        where titles != 1
        select $"{file}: {titles} titles");

    [Fact]
    public void Paths_in_prose_exist() => Law.Holds(
        "a path of this repository in a page's backticks exists",
        "prose that nothing checks rots; a wrong path is the first sign",
        Prose.Length,
        from file in Prose.Where(f => f != "CHANGELOG.md")
        from path in PathsIn(Tree.Read(file))
        where !Tree.Exists(path)
        select $"{file}: `{path}`");

    [Fact]
    public void Decisions_are_numbered_and_indexed()
    {
        string[] records = [.. Tree.Files.Where(f => DecisionFile().IsMatch(f)).Select(Path.GetFileName)!];
        string index = Tree.Read("docs/decisions/README.md");
        string[] numbers = [.. records.Select(r => r[..4])];
        Law.Holds(
            "decision records are numbered once each and listed in docs/decisions/README.md",
            "they are cited by number, and found by the list",
            records.Length,
            numbers.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => $"{g.Key} is given twice")
                .Concat(records.Where(r => !index.Contains($"({r})", StringComparison.Ordinal)).Select(r => $"{r} is not listed"))
                .Concat(IndexedDecision().Matches(index).Select(m => m.Groups[1].Value)
                    .Where(r => !records.Contains(r)).Select(r => $"{r} is listed and not there")));
    }

    private static string[] Lines(string file) => Tree.Read(file).TrimEnd('\n').Split('\n');

    /// <summary>This file names what it forbids, so it is not held against itself.</summary>
    private static bool IsText(string file) =>
        !file.EndsWith("TidyTests.cs", StringComparison.Ordinal) && !file.EndsWith(".png", StringComparison.Ordinal);

    private static string WithoutCode(string text) => CodeBlock().Replace(text, "");

    /// <summary>In backticks, beginning with a folder or file of the root; patterns with '&lt;', '*' or '…' are no paths.</summary>
    internal static IEnumerable<string> PathsIn(string text) => Quoted().Matches(WithoutCode(text))
        .Select(m => m.Groups[1].Value)
        .Where(p => RootPath().IsMatch(p) && p.IndexOfAny(['*', '<', '…', ' ', '{']) < 0)
        .Select(p => p.TrimEnd('/'));

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b")]
    private static partial Regex PutOff();

    [GeneratedRegex(@"\[(Fact|Theory)\([^\]]*\bSkip\s*=")]
    private static partial Regex SkippedTest();

    [GeneratedRegex(@"(/home/[a-z]|/Users/[A-Za-z]|C:\\\\?Users|(?<![\w.])/root/|(?<![\w.])/work/|/tmp/[a-z]/)")]
    private static partial Regex MachinePath();

    [GeneratedRegex("(Helpers?|Utils?|Utilit(y|ies)|Common|Manager)$")]
    private static partial Regex VagueName();

    [GeneratedRegex("^docs/decisions/[0-9]{4}-[a-z0-9-]+\\.md$")]
    private static partial Regex DecisionFile();

    [GeneratedRegex(@"\(([0-9]{4}-[^)]+\.md)\)")]
    private static partial Regex IndexedDecision();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(Grains\.Interfaces|Grains|Silo|Api|AgentClient|tests|docs|deploy|\.ci|\.devcontainer)/[\w./-]*$")]
    private static partial Regex RootPath();
}
