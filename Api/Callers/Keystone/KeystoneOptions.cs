using System.Globalization;

namespace NovaOrleans.Api.Callers.Keystone;

/// <summary>Where Keystone is, as whom it is asked, and what its roles mean here.</summary>
public sealed record KeystoneOptions
{
    public const string UrlSetting = "keystone_url";
    public const string PasswordSetting = "keystone_password";
    private const int LongestCache = 300;

    /// <summary><c>--keystone_url</c>: with its version, as in https://keystone.example.org:5000/v3.</summary>
    public required Uri Url { get; init; }

    /// <summary><c>keystone_username</c> in the file or <c>NOVA_KEYSTONE_USERNAME</c>, and the like.</summary>
    public required string Username { get; init; }

    public required string Password { get; init; }

    public string UserDomain { get; init; } = "Default";

    public string Project { get; init; } = "service";

    public string ProjectDomain { get; init; } = "Default";

    /// <summary><c>--keystone_cache_seconds</c>: how long Keystone's word on a token is taken, at most 300 s, never past its end.</summary>
    public TimeSpan Cache { get; init; } = TimeSpan.FromSeconds(LongestCache);

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>--keystone_ca</c>: a PEM file with the authorities that Keystone's certificate is checked against.</summary>
    public string? Authorities { get; init; }

    /// <summary>
    /// Keystone's roles by what they are here: <c>--keystone_admin_roles</c>, <c>--keystone_member_roles</c> and
    /// <c>--keystone_reader_roles</c>, names with commas between; each is its own name unless given.
    /// </summary>
    public IReadOnlyDictionary<string, Role> Roles { get; init; } = new Dictionary<string, Role>(StringComparer.OrdinalIgnoreCase)
    {
        ["admin"] = Role.Admin,
        ["member"] = Role.Member,
        ["reader"] = Role.Reader,
    };

    /// <summary>
    /// Null where no <c>keystone_url</c> is set. The service user is in the file that <c>--keystone_credentials</c> names, a
    /// <c>name = value</c> a line, or in the environment; a password among a process's arguments is everybody's.
    /// </summary>
    /// <exception cref="OperatingFaultException">Something is missing or wrong.</exception>
    public static KeystoneOptions? From(IConfiguration settings)
    {
        if (settings[UrlSetting] is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
        {
            throw Wrong($"--{UrlSetting} was '{text}'; accepted is an http or https URL, as in https://keystone.example.org:5000/v3.");
        }

        Dictionary<string, string> file = settings["keystone_credentials"] is { } path ? Read(path) : [];
        return new KeystoneOptions
        {
            Url = url,
            Username = Value("username") ?? throw Missing("username"),
            Password = Value("password") ?? throw Missing("password"),
            UserDomain = Value("user_domain") ?? "Default",
            Project = Value("project") ?? "service",
            ProjectDomain = Value("project_domain") ?? "Default",
            Cache = TimeSpan.FromSeconds(Seconds(settings["keystone_cache_seconds"])),
            Authorities = settings["keystone_ca"],
            Roles = RolesFrom(settings),
        };

        string? Value(string name) => file.GetValueOrDefault(name) ?? settings[$"keystone_{name}"];
    }

    public const string PasswordFault =
        $"--{PasswordSetting} is on the command line, which the process list shows to everybody: give it as NOVA_KEYSTONE_PASSWORD, "
        + "or in the file of --keystone_credentials.";

    public static bool IsPasswordIn(IEnumerable<string> arguments) =>
        arguments.Any(a => a.TrimStart('-', '/').StartsWith(PasswordSetting, StringComparison.OrdinalIgnoreCase));

    /// <summary>What the caller may do by the strongest of these roles; none where none of them means something here.</summary>
    public Role Strongest(IEnumerable<string> roles) => roles.Select(r => Roles.GetValueOrDefault(r)).Append(Role.None).Max();

    private static Dictionary<string, string> Read(string path)
    {
        try
        {
            return File.ReadLines(path)
                .Select(l => l.Trim())
                .Where(l => l.Length > 0 && l[0] != '#')
                .Select(l => l.Split('=', 2, StringSplitOptions.TrimEntries))
                .Where(p => p.Length == 2)
                .ToDictionary(p => p[0], p => p[1]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OperatingFaultException($"--keystone_credentials {path} cannot be read: {e.Message}", mayRetry: false);
        }
    }

    private static int Seconds(string? text) =>
        text is null ? LongestCache
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds <= LongestCache ? seconds
        : throw Wrong($"--keystone_cache_seconds was '{text}'; accepted is a whole number from 0 to {LongestCache}.");

    private static Dictionary<string, Role> RolesFrom(IConfiguration settings)
    {
        var roles = new Dictionary<string, Role>(StringComparer.OrdinalIgnoreCase);
        // The strongest last: a name given twice means the stronger role.
        foreach (Role role in (Role[])[Role.Reader, Role.Member, Role.Admin])
        {
            string name = role.ToString().ToLowerInvariant();
            foreach (string theirs in (settings[$"keystone_{name}_roles"] ?? name).Split(
                ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                roles[theirs] = role;
            }
        }

        return roles;
    }

    private static OperatingFaultException Missing(string name) => Wrong(
        $"Keystone's service user has no {name}: give it in the file of --keystone_credentials ('{name} = …'), "
        + $"or as NOVA_KEYSTONE_{name.ToUpperInvariant()} in the environment.");

    private static OperatingFaultException Wrong(string sentence) => new(sentence, mayRetry: false);
}
