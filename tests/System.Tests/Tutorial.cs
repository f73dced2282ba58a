using System.Text.RegularExpressions;

namespace NovaOrleans.Systems;

/// <summary>
/// A page whose fenced blocks are acted upon. <c>```sh</c> has one command a line, <c>```sh server</c> one that stays;
/// <c>```csharp FILE</c> is a whole file, and <c>```csharp FILE after TEXT</c> lines that go into it below the brace that follows TEXT.
/// </summary>
internal sealed partial record Tutorial(IReadOnlyList<Tutorial.Step> Steps)
{
    internal abstract record Step;

    internal sealed record Command(string Text, bool Stays) : Step;

    internal sealed record Code(string File, string Text, string? After) : Step;

    public static Tutorial Read(string page) => new(
        [.. Block().Matches(page.ReplaceLineEndings("\n")).SelectMany(m => StepsOf(m.Groups["word"].Value, m.Groups["rest"].Value.Trim(), m.Groups["text"].Value))]);

    public IEnumerable<Command> Commands => Steps.OfType<Command>();

    public IEnumerable<Code> Codes => Steps.OfType<Code>();

    /// <summary>Puts the code where it says, under this folder. A file that is there already must be as the page shows it.</summary>
    public void WriteCode(string folder)
    {
        foreach (Code code in Codes)
        {
            string file = Path.Combine(folder, code.File);
            if (code.After is not null)
            {
                File.WriteAllText(file, Inserted(File.ReadAllText(file), code));
            }
            else if (File.Exists(file))
            {
                Assert.Equal(code.Text.TrimEnd(), File.ReadAllText(file).ReplaceLineEndings("\n").TrimEnd());
            }
            else
            {
                File.WriteAllText(file, code.Text);
            }
        }
    }

    private static string Inserted(string text, Code code)
    {
        int at = text.IndexOf(code.After!, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{code.File} has no '{code.After}'");
        int below = text.IndexOf("{\n", at, StringComparison.Ordinal) + 2;
        return text.Insert(below, code.Text);
    }

    private static IEnumerable<Step> StepsOf(string word, string rest, string text) => word switch
    {
        "sh" => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => new Command(l, rest == "server")),
        "csharp" when rest.Split(" after ", 2) is [var file, var after] => [new Code(file, text, after)],
        "csharp" => [new Code(rest, text, null)],
        _ => throw new InvalidOperationException($"the tutorial has a block of '{word}', which nothing runs or compiles"),
    };

    [GeneratedRegex("^```(?<word>[a-z]*)(?<rest>[^\n]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
