using System.CommandLine;

namespace NovaOrleans.Conformance;

public static class Program
{
    private static readonly Argument<string> s_folder = new("folder") { Description = "The plug-in's folder, as it is copied to a server" };
    private static readonly Option<string?> s_path = new("--path") { Description = "Its module path, where the folder is named otherwise" };
    private static readonly Option<string?> s_only = new("--only") { Description = "Names of promises, with commas between: ask for no others" };
    private static readonly Option<bool> s_json = new("--json") { Description = "The report as JSON" };

    /// <summary>What the kit itself gives, where it wants a server in a process of its own.</summary>
    private static readonly Option<string?> s_rows = new(ServerProcess.RowsOption) { Hidden = true };
    private static readonly Option<Guid?> s_card = new(ServerProcess.CardOption) { Hidden = true };

    public static Task<int> Main(string[] args)
    {
        var root = new RootCommand("Tells whether a network service keeps the promises of the plug-in contract.")
        {
            s_folder, s_path, s_only, s_json, s_rows, s_card,
        };
        root.SetAction((parsed, _) => parsed.GetValue(s_rows) is { } rows
            ? ServerProcess.Run(parsed.GetValue(s_folder)!, rows, parsed.GetValue(s_card)) : Run(parsed));
        ParseResult asked = root.Parse(args);
        return asked.Errors.Count > 0 ? Unknown(asked) : asked.InvokeAsync();
    }

    private static async Task<int> Unknown(ParseResult asked)
    {
        await Console.Error.WriteLineAsync(asked.Errors[0].Message);
        return 2;
    }

    /// <summary>0 where every promise is held, 1 where not, 2 where nothing could be asked.</summary>
    private static async Task<int> Run(ParseResult parsed)
    {
        string[]? only = parsed.GetValue(s_only)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (only?.Except(Examination.Names).ToArray() is { Length: > 0 } unknown)
        {
            await Console.Error.WriteLineAsync(
                $"--only was '{string.Join(',', unknown)}'; promises are {string.Join(", ", Examination.Names)}.");
            return 2;
        }

        try
        {
            using PlugIn plugIn = PlugIn.In(parsed.GetValue(s_folder)!, parsed.GetValue(s_path));
            Report report = await Examination.Of(plugIn, only);
            await Console.Out.WriteLineAsync((parsed.GetValue(s_json) ? report.ToJson() : report.ToText()).TrimEnd());
            return report.Conforms ? 0 : 1;
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
