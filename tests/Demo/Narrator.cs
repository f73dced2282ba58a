using System.Diagnostics;
using Spectre.Console;

namespace NovaOrleans.Demo;

/// <summary>Tells what happens, a line a step with its time, and counts the checks.</summary>
internal sealed class Narrator(TextWriter output)
{
    private const int Width = 78;

    private readonly IAnsiConsole _console = AnsiConsole.Create(
        new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });

    public int Passed { get; private set; }
    public int Failed { get; private set; }

    public void Say(string text)
    {
        output.WriteLine(text);
        output.Flush();
    }

    public void Act(string title) => Say($"\n{title}");

    /// <summary>A step that the rest depends on: if it fails the demo ends.</summary>
    public async Task<T> Step<T>(string what, Func<Task<T>> step)
    {
        long begun = Stopwatch.GetTimestamp();
        try
        {
            T result = await step();
            Line('✓', what, begun);
            return result;
        }
        catch (Exception)
        {
            Line('✗', what, begun);
            throw;
        }
    }

    public Task Step(string what, Func<Task> step) => Step(what, async () =>
    {
        await step();
        return true;
    });

    /// <summary>A claim that is checked: null means that it holds, a text says what was seen instead. The demo goes on.</summary>
    public async Task Check(string claim, Func<Task<string?>> check)
    {
        long begun = Stopwatch.GetTimestamp();
        string? instead;
        try
        {
            instead = await check();
        }
        catch (DemoFault fault)
        {
            instead = fault.Message;
        }

        Line(instead is null ? '✓' : '✗', claim, begun);
        if (instead is null)
        {
            Passed++;
        }
        else
        {
            Fail(instead);
        }
    }

    public void Fail(string what)
    {
        Failed++;
        Say($"    failed: {what.Trim().ReplaceLineEndings("\n            ")}");
    }

    public void Rows(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        }

        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        _console.Profile.Width = 140;
        _console.Write(table);
        output.Flush();
    }

    private void Line(char mark, string what, long begun)
    {
        string time = $"{Stopwatch.GetElapsedTime(begun).TotalMilliseconds:N0} ms";
        Say($"  {mark} {what.PadRight(Width)} {time,10}");
    }
}
