using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NovaOrleans.Seed;

/// <summary>
/// A test says that it shows a row: <c>[Trait("seed", "S57")]</c>, or <c>[Seed("S57")]</c> on an act of the demo. Its
/// project is the folder below `tests/`.
/// </summary>
public sealed partial record Claim(string Row, string Project, string Test)
{
    /// <summary>The test's name is a claim in words; an act's is written together, as methods of programs are.</summary>
    public string Words => $"{Project.Replace(".Tests", "", StringComparison.Ordinal)}: " + (Test.Contains('_')
        ? Test.Replace('_', ' ')
        : WordStart().Replace(Test, start => " " + start.Value.ToLowerInvariant()));

    /// <summary>All claims in the source below <paramref name="tests"/>, ordered by project and place.</summary>
    public static IReadOnlyList<Claim> Read(string tests) =>
    [
        .. from project in Directory.EnumerateDirectories(tests).Order(StringComparer.Ordinal)
           from file in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           let text = File.ReadAllText(file)
           where text.Contains("[Trait(\"seed\"", StringComparison.Ordinal) || text.Contains("[Seed(", StringComparison.Ordinal)
           from claim in Of(Path.GetFileName(project), text)
           select claim,
    ];

    private static IEnumerable<Claim> Of(string project, string source) =>
        from method in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
        from attribute in method.AttributeLists.SelectMany(l => l.Attributes)
        let words = attribute.ArgumentList?.Arguments.Select(a => (a.Expression as LiteralExpressionSyntax)?.Token.ValueText)
        let row = (attribute.Name.ToString(), words?.ToArray()) switch
        {
            ("Trait", ["seed", { } id]) => id,
            ("Seed", [{ } id]) => id,
            _ => null,
        }
        where row is not null
        select new Claim(row, project, method.Identifier.Text);

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
