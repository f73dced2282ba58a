using System.Text.RegularExpressions;
using NovaOrleans.Api.Callers.Keystone;
using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Api;

/// <summary>
/// The command line of a server program: words, a verb say, and then options. The help text is the list of them: what it does not name is
/// refused, for a silo whose <c>--databse</c> were passed over in silence would be another one, with a ledger of its own. The
/// environment is not held to it, for what others mean by <c>NOVA_…</c> is theirs; what looks like one of these is asked about.
/// </summary>
public sealed partial record CommandLine
{
    /// <summary>What the environment's variables begin with that are settings.</summary>
    private const string Prefix = "NOVA_";

    /// <summary>Looks like <c>cluster_id</c>, and is <c>./nova cluster</c>'s.</summary>
    private const string Playground = "cluster_dir";

    private CommandLine(IReadOnlyList<string> words) => Words = words;

    public IReadOnlyList<string> Words { get; }

    /// <summary>The options as a configuration reads them: <c>--name=value</c>, with an underscore wherever help has a dash.</summary>
    public IReadOnlyList<string> Settings { get; private init; } = [];

    /// <summary>What is wrong, in sentences. None repeats a value, which may be a secret.</summary>
    public IReadOnlyList<string> Faults { get; private init; } = [];

    /// <summary>By the word alone only where it comes first: behind an option it is a value.</summary>
    public static bool AsksForHelp(string[] arguments) =>
        arguments is ["help", ..] || arguments.Any(a => a is "--help" or "-h" or "-?");

    /// <param name="arguments">As the process was given them; <c>--name value</c> and <c>--name=value</c> are the same.</param>
    /// <param name="help">
    /// Names every option as <c>--name VALUE</c>, or, where it is a flag without value, with more than one space or nothing behind it.
    /// </param>
    public static CommandLine Read(string[] arguments, string help)
    {
        ILookup<string, bool> known = OptionsOf(help);
        string[] words = [.. arguments.TakeWhile(a => !a.StartsWith('-'))];
        List<string> settings = [], faults = [.. SecretsIn(arguments)];
        for (int i = words.Length; i < arguments.Length; i++)
        {
            string[] parts = arguments[i].Split('=', 2);
            string? next = i + 1 < arguments.Length && !IsOption(arguments[i + 1]) ? arguments[i + 1] : null;
            if (!IsOption(arguments[i]))
            {
                faults.Add("A word too many stands among the options: each takes one value at most.");
                continue;
            }

            string name = SettingOf(parts[0]);
            bool isFlag = known.Contains(name) && !known[name].Contains(true);
            if (parts.Length == 1 && !isFlag && next is not null)
            {
                parts = [parts[0], next];
                i++;
            }

            if (!known.Contains(name) && !name.Contains(':') && name != KeystoneOptions.PasswordSetting)
            {
                faults.Add($"{parts[0]} is no option here.{Meant(name, known)} --help lists them.");
            }
            else if (!isFlag && parts is [_] or [_, ""])
            {
                faults.Add($"{parts[0]} needs a value: {parts[0]} VALUE.");
            }
            else
            {
                settings.Add($"--{name}={(parts.Length == 2 ? parts[1] : "true")}");
            }
        }

        return new CommandLine(words) { Settings = settings, Faults = faults };
    }

    /// <summary>
    /// A sentence for each variable that nothing here reads and that is a slip or two from one that is read. Others of four letters or
    /// fewer are too near to everything: <c>NOVA_URL</c> is the client's.
    /// </summary>
    /// <param name="variables">Names of the environment's variables.</param>
    /// <param name="help">As <see cref="Read"/>'s.</param>
    public static IEnumerable<string> Doubts(IEnumerable<string> variables, string help)
    {
        string[] known = [.. Known(help), KeystoneOptions.PasswordSetting, Playground];
        return
            from variable in variables.Order(StringComparer.Ordinal)
            where variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            let name = variable[Prefix.Length..].ToLowerInvariant()
            where name.Length > 4 && !known.Contains(name)
            let near = NearMatches.Of(name, known.Where(k => Math.Abs(k.Length - name.Length) <= 2))
            where near.Count > 0
            select $"{variable} is read by nothing here. Is {string.Join(" or ", near.Select(n => Prefix + n.ToUpperInvariant()))} meant?";
    }

    /// <summary>The settings that a help text names.</summary>
    public static IEnumerable<string> Known(string help) => OptionsOf(help).Select(o => o.Key);

    /// <summary>What the command line itself must not hold: everybody on the machine can read it.</summary>
    private static string[] SecretsIn(string[] arguments) =>
        KeystoneOptions.IsPasswordIn(arguments) ? [KeystoneOptions.PasswordFault]
        : arguments.Any(a => a.Contains("password=", StringComparison.OrdinalIgnoreCase)
            || a.Contains("pwd=", StringComparison.OrdinalIgnoreCase))
            ? ["--database holds a password, which the process list shows to everybody: "
                + "give the connection string as NOVA_DATABASE, or the password in a PGPASSFILE."]
        : [];

    /// <summary>A number below 0 is a value.</summary>
    private static bool IsOption(string argument) => argument is ['-', not (>= '0' and <= '9'), ..];

    /// <summary>What is in a section is named by whom it belongs to, and stays as it was given.</summary>
    private static string SettingOf(string option) => option.TrimStart('-') is var name && name.Contains(':')
        ? name
        : name.Replace('-', '_').ToLowerInvariant();

    /// <summary>Setting by setting, for each time that it is named whether a value follows.</summary>
    private static ILookup<string, bool> OptionsOf(string help) =>
        Named().Matches(help).ToLookup(m => SettingOf(m.Groups["option"].Value), m => m.Groups["value"].Success);

    /// <summary>The options that are most like it, if some are.</summary>
    private static string Meant(string name, ILookup<string, bool> known) =>
        NearMatches.Of(name, known.Select(o => o.Key)) is { Count: > 0 } near
            ? $" Is {string.Join(" or ", near.Select(n => $"--{n}"))} meant?" : "";

    [GeneratedRegex("(?<option>--[a-z][a-z0-9_-]*)(?<value> [^ ])?")]
    private static partial Regex Named();
}
