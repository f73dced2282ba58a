using NovaOrleans.Api.Catalogue;

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

    /// <summary>
    /// The setting with the path of the file that holds the admin token; a secret is never a process's argument.
    /// </summary>
    public const string TokenFileSetting = "admin_token_file";

    /// <summary>
    /// Takes <c>admin_token_file</c>, <c>default_project</c> and <c>images</c> from a process's settings.
    /// </summary>
    /// <exception cref="InvalidOperationException">No token file is named.</exception>
    /// <exception cref="FormatException">The default project is no project id.</exception>
    public static NovaApiOptions From(IConfiguration settings)
    {
        string file = settings[TokenFileSetting] ?? throw new InvalidOperationException(
            $"Setting {TokenFileSetting} is missing: the file that holds the admin token.");
        return new NovaApiOptions
        {
            AdminToken = File.ReadAllText(file).Trim(),
            DefaultProject = settings["default_project"] is { } project ? ProjectId.Parse(project) : null,
            Catalogue = CatalogueFrom(settings),
            FailsOver = true,
        };
    }

    /// <summary>The list in the file that <c>images</c> names; the usual one without it.</summary>
    /// <exception cref="OperatingFaultException">The file cannot be read, or something in it is wrong.</exception>
    public static MachineCatalogue CatalogueFrom(IConfiguration settings) =>
        settings[MachineCatalogue.FileSetting] is { } file ? CatalogueFile.Read(file) : MachineCatalogue.Default;
}
