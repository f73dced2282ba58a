using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace NovaOrleans.Manage;

/// <summary>Shows what the API answered: as a table for people, or as it came for programs.</summary>
internal sealed class Screen(bool json)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly IAnsiConsole _console = MakeConsole();

    public bool IsJson => json;

    public static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>One word for people and scripts.</summary>
    public void Value(JsonNode answer, string value) => Line(json ? answer.ToJsonString(Indented) : value);

    /// <summary>A list, the named fields as columns; a dotted name reaches into a field, a missing one is a dash.</summary>
    public void Rows(JsonArray rows, params string[] columns)
    {
        if (json)
        {
            Line(rows.ToJsonString(Indented));
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        }

        foreach (JsonNode? row in rows)
        {
            table.AddRow([.. columns.Select(c => Markup.Escape(Text(Reach(row, c))))]);
        }

        _console.Write(table);
        Line(rows.Count == 1 ? "1 row" : $"{rows.Count} rows");
    }

    /// <summary>One thing, all its fields that say something.</summary>
    public void Record(JsonNode answer, string root)
    {
        JsonNode record = answer[root] ?? answer;
        if (json || record is not JsonObject fields)
        {
            Line(answer.ToJsonString(Indented));
            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach ((string name, JsonNode? value) in fields)
        {
            if (value is not null && name != "links")
            {
                grid.AddRow(Markup.Escape(name), Markup.Escape(Text(value)));
            }
        }

        _console.Write(grid);
    }

    /// <summary>An answer that is told: the steps of <paramref name="root"/> in their order, and how it ends.</summary>
    public void Story(JsonNode answer, string root)
    {
        JsonNode told = answer[root] ?? answer;
        if (json)
        {
            Line(answer.ToJsonString(Indented));
            return;
        }

        foreach (JsonNode? step in told["steps"] as JsonArray ?? [])
        {
            Line($"  {step}");
        }

        Line($"{told["verdict"]}: {told["because"]}");
    }

    private static JsonNode? Reach(JsonNode? row, string column)
    {
        foreach (string step in column.Split('.'))
        {
            row = row is JsonArray list
                ? new JsonArray([.. list.Select(item => item?[step]?.DeepClone())])
                : (row as JsonObject)?[step];
        }

        return row;
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "-",
        JsonArray list => list.Count == 0 ? "-" : string.Join(" ", list.Select(Text)),
        JsonObject inner => string.Join(" ", inner.Where(f => f.Value is not null).Select(f => $"{f.Key}={Text(f.Value)}")),
        _ => value.ToString(),
    };

    /// <summary>Into a pipe a row stays one line, however long.</summary>
    private static IAnsiConsole MakeConsole()
    {
        IAnsiConsole console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 1000;
        }

        return console;
    }
}
