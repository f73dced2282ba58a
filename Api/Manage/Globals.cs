using System.CommandLine;

namespace NovaOrleans.Manage;

/// <summary>Where the API is and who asks, for every verb: an option, else the environment, else what this machine has.</summary>
internal sealed class Globals
{
    public const string DefaultUrl = "http://127.0.0.1:8774";

    private readonly Option<string?> _url = Everywhere("--url", $"The API's address. NOVA_URL; {DefaultUrl}");
    private readonly Option<string?> _token = Everywhere("--token", "Who asks. NOVA_TOKEN; admin-token in the data folder");
    private readonly Option<string?> _project = Everywhere("--project", "For which project. NOVA_PROJECT");
    private readonly Option<string?> _ca = Everywhere(
        "--ca", "Whom an https API's certificate is checked against, a PEM file. NOVA_CA; the system's authorities");
    private readonly Option<bool> _json = new("--json") { Recursive = true, Description = "The API's answer as it is" };

    public void AddTo(RootCommand root)
    {
        root.Add(_url);
        root.Add(_token);
        root.Add(_project);
        root.Add(_ca);
        root.Add(_json);
    }

    /// <summary>The first word that is neither an option nor an option's value.</summary>
    public static string? FirstWord(IReadOnlyList<string> args)
    {
        for (int i = 0; i < args.Count; i++)
        {
            if (args[i] is "--url" or "--token" or "--project" or "--ca")
            {
                i++;
            }
            else if (!args[i].StartsWith('-'))
            {
                return args[i];
            }
        }

        return null;
    }

    /// <summary>A verb's action: what it asks and shows; a refusal or a silent API becomes a sentence and an exit status.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> Verb(Func<ParseResult, NovaClient, Screen, Task> act) =>
        async (parsed, stop) =>
        {
            try
            {
                using NovaClient api = Connect(parsed, stop);
                await act(parsed, api, new Screen(parsed.GetValue(_json)));
                return 0;
            }
            catch (ApiFault fault)
            {
                await Console.Error.WriteLineAsync($"nova-manage: {fault.Message}");
                return fault.ExitStatus;
            }
        };

    private NovaClient Connect(ParseResult parsed, CancellationToken stop)
    {
        string url = Value(parsed, _url, "NOVA_URL") ?? DefaultUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            throw new ApiFault($"--url '{url}' is no address: http://host:port or https://host:port", ApiFault.NotUnderstood);
        }

        string? token = Value(parsed, _token, "NOVA_TOKEN") ?? TokenFile.Read();
        return new NovaClient(address, token, Value(parsed, _project, "NOVA_PROJECT"), Value(parsed, _ca, "NOVA_CA"), stop);
    }

    private static string? Value(ParseResult parsed, Option<string?> option, string variable) =>
        parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(variable) switch
        {
            null or "" => null,
            string value => value,
        };

    private static Option<string?> Everywhere(string name, string description) =>
        new(name) { Recursive = true, Description = description };
}
