using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using NovaOrleans.Api;
using NovaOrleans.Api.Operations;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Silo;
using NovaOrleans.Silo.Hosting;
using NovaOrleans.Testing;

namespace NovaOrleans.Connections;

/// <summary>
/// A server takes no option that its help does not name (docs/decisions/0074-help-is-the-list-of-options.md), so help names all that it
/// reads, and nothing else.
/// </summary>
public sealed class HelpTests
{
    /// <summary>Of the environment alone: a secret, and what container images set.</summary>
    private static readonly string[] s_neverOptions = ["keystone_password", "http_ports", "https_ports"];

    [Fact]
    public void The_silos_help_names_what_it_reads()
    {
        var settings = new Noted(("database", "Host=127.0.0.1"), ("agent", "auto"), ("cluster_certificate", "a"),
            ("cluster_key", "b"), ("cluster_ca", "c"), ("health_urls", "http://127.0.0.1:1"));
        (SiloOptions? options, IReadOnlyList<string> faults) = SiloOptions.From(settings);
        Assert.Equal((null, 1), (options, faults.Count(f => f.Contains("--agent_key", StringComparison.Ordinal))));
        ReadOfTheApi(settings);

        // The agent is told these; the verb restore reads the last.
        Assert.Equal(Named(Silo.Usage.Text), settings.Read.Union([.. AgentProcess.PassedOn, "agent_program", "agent_key", "wipe"])
            .Except(s_neverOptions).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_facades_help_names_what_it_reads()
    {
        var settings = new Noted(("admin_token_file", "/nowhere"), ("urls", "http://127.0.0.1:1"));
        Assert.Empty(Faults(settings));
        CertificateFiles.From(settings);
        Assert.Throws<Outcomes.OperatingFaultException>(() => NovaApiOptions.From(settings));
        ReadOfTheApi(settings);

        // Its program reads these itself; a dashboard is a silo's.
        Assert.Equal(Named(Api.Usage.Text), settings.Read.Union(["database", "cluster_id", "service_id"])
            .Except([.. s_neverOptions, "dashboard"]).Order(StringComparer.Ordinal));

        static List<string> Faults(IConfiguration settings)
        {
            List<string> faults = [];
            OperationsOptions.From(settings, faults);
            return faults;
        }
    }

    /// <summary>The programs themselves: what is wrong is a sentence and a status, and no stack.</summary>
    [Theory]
    [InlineData("Silo", 2, "--databse is no option here. Is --database meant?", "--databse", "Host=/tmp")]
    [InlineData("Silo", 1, "--default_network_service was 'Blue'; accepted is a module path", "--data", "*", "--agent", "none",
        "--default_network_service", "Blue")]
    [InlineData("Api", 2, "--database is missing", "--urls", "http://127.0.0.1:1")]
    [InlineData("Api", 2, "'run' is no verb here", "run", "--database", "Host=/nowhere")]
    [InlineData("Api", 2, "--database holds a password", "--database", "Host=/nowhere;Password=a")]
    [InlineData("Api", 1, "--admin_token_file is missing", "--database", "Host=/nowhere")]
    public async Task Programs_say_what_is_wrong_and_end(string program, int status, string sentence, params string[] arguments)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nova-help-");
        await using NovaProcess process = NovaProcess.Start(
            program, [.. arguments.Select(a => a == "*" ? folder.FullName : a)]);
        (int exit, string output, string errors) = await process.Ended(TimeSpan.FromMinutes(1));
        Assert.Equal(status, exit);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static void ReadOfTheApi(Noted settings)
    {
        settings.Set("keystone_url", "http://127.0.0.1:1/v3");
        settings.Set("keystone_username", "nova");
        settings.Set("keystone_password", "x");
        NovaApiOptions.From(settings, new string('a', 40), null);
        NetworkServiceLocations.From(settings);
    }

    private static IEnumerable<string> Named(string help) => CommandLine.Known(help).Order(StringComparer.Ordinal);

    /// <summary>Settings that note which of them were asked for.</summary>
    private sealed class Noted(params (string Name, string Value)[] given) : IConfiguration
    {
        private readonly Dictionary<string, string> _given = given.ToDictionary(g => g.Name, g => g.Value);

        public HashSet<string> Read { get; } = [];

        public void Set(string name, string value) => _given[name] = value;

        public string? this[string key]
        {
            get
            {
                Read.Add(key);
                return _given.GetValueOrDefault(key);
            }
            set => throw new NotSupportedException();
        }

        public IConfigurationSection GetSection(string key) => throw new NotSupportedException(key);

        public IEnumerable<IConfigurationSection> GetChildren() => throw new NotSupportedException();

        public IChangeToken GetReloadToken() => throw new NotSupportedException();
    }
}
