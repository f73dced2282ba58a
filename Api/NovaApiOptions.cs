using System.Globalization;
using NovaOrleans.Api.Callers.Keystone;
using NovaOrleans.Api.Catalogue;
using NovaOrleans.Api.Listening;

namespace NovaOrleans.Api;

/// <summary>What the HTTP facade must be told. It never logs or echoes any of it.</summary>
public sealed class NovaApiOptions
{
    /// <summary>The token of <c>X-Auth-Token</c> that may do everything; at least 16 characters.</summary>
    public required string AdminToken { get; init; }

    /// <summary>
    /// The project of a request that names none with <c>X-Project-Id</c>; null where it must name one.
    /// </summary>
    public ProjectId? DefaultProject { get; init; }

    /// <summary>The flavors and images that instances are launched from.</summary>
    public MachineCatalogue Catalogue { get; init; } = MachineCatalogue.Default;

    /// <summary>
    /// Whether silos and database may go and come back behind this facade: then what became of nothing known is asked for again, and
    /// a create without a key gets one.
    /// </summary>
    public bool FailsOver { get; init; }

    /// <summary>How many requests are worked on at once.</summary>
    public int RequestsInFlight { get; init; } = 2048;

    /// <summary>How many more wait for their turn before the next one is answered with 503.</summary>
    public int RequestsWaiting { get; init; } = 2048;

    /// <summary><c>--requests_per_second</c>: how many requests of one token are answered a second, in the long run.</summary>
    public int RequestsPerSecond { get; init; } = 5_000;

    /// <summary><c>--request_burst</c>: how many of them may come at once after a pause.</summary>
    public int RequestBurst { get; init; } = 10_000;

    /// <summary>Where Keystone's tokens are taken as well; null where they are not.</summary>
    public KeystoneOptions? Keystone { get; init; }

    /// <summary>With which https is spoken; null where none is given.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>
    /// The setting with the path of the file that holds the admin token; a secret is never a process's argument.
    /// </summary>
    public const string TokenFileSetting = "admin_token_file";

    /// <summary>
    /// Takes <c>admin_token_file</c>, <c>default_project</c> and the rest from a process's settings.
    /// </summary>
    /// <exception cref="OperatingFaultException">A setting is missing or cannot be used; the sentence says which.</exception>
    public static NovaApiOptions From(IConfiguration settings)
    {
        string file = settings[TokenFileSetting] ?? throw new OperatingFaultException(
            $"--{TokenFileSetting} is missing: the file that holds the admin token, the same for all of a cluster.", mayRetry: false);
        string? named = settings["default_project"];
        ProjectId project = default;
        if (named is not null && !ProjectId.TryParse(named, out project))
        {
            throw new OperatingFaultException($"--default_project was '{named}'; accepted is {ProjectId.Accepts}.", mayRetry: false);
        }

        return From(settings, TokenIn(file), named is null ? null : project);
    }

    private static string TokenIn(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatingFaultException($"--{TokenFileSetting} {file} cannot be read: {e.Message}", mayRetry: false);
        }
    }

    /// <summary>The rest, where admin token and default project are the host's to say.</summary>
    /// <exception cref="OperatingFaultException">A setting cannot be used; the sentence says which.</exception>
    public static NovaApiOptions From(IConfiguration settings, string adminToken, ProjectId? defaultProject)
    {
        ListenAddresses.Check(ListenAddresses.Of(settings), settings, adminToken);
        return new NovaApiOptions
        {
            AdminToken = adminToken,
            DefaultProject = defaultProject,
            Catalogue = CatalogueFrom(settings),
            FailsOver = settings["database"] is not null,
            RequestsInFlight = Count(settings, "requests_in_flight", 2_048),
            RequestsWaiting = Count(settings, "requests_waiting", 2_048),
            RequestsPerSecond = Count(settings, "requests_per_second", 5_000),
            RequestBurst = Count(settings, "request_burst", 10_000),
            Keystone = KeystoneOptions.From(settings),
            Certificate = ServerCertificate.From(settings, TimeProvider.System),
        };
    }

    private static int Count(IConfiguration settings, string name, int usual) =>
        settings[name] is not { } text ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= 1_000_000 ? count
        : throw new OperatingFaultException(
            $"--{name} was '{text}'; accepted is a whole number from 1 to 1000000.", mayRetry: false);

    /// <summary>The list in the file that <c>images</c> names; the usual one without it.</summary>
    /// <exception cref="OperatingFaultException">The file cannot be read, or something in it is wrong.</exception>
    public static MachineCatalogue CatalogueFrom(IConfiguration settings) =>
        settings[MachineCatalogue.FileSetting] is { } file ? CatalogueFile.Read(file) : MachineCatalogue.Default;
}
