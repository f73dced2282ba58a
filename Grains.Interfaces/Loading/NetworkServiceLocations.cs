namespace NovaOrleans.NetworkServices.Loading;

/// <summary>
/// Where network services are looked up: the configuration file that lists them, the folder that holds one folder a
/// module path, and the service of projects that chose none.
/// </summary>
public sealed record NetworkServiceLocations(
    string ConfigurationFile, string ServicesFolder, ServicePath DefaultService)
{
    /// <summary>Option <c>--network_service_conf</c> (seed S49).</summary>
    public const string ConfigurationFileOption = "network_service_conf";

    /// <summary>Option <c>--network_service_path</c>.</summary>
    public const string ServicesFolderOption = "network_service_path";

    /// <summary>Option <c>--default_network_service</c> (seed S45).</summary>
    public const string DefaultServiceOption = "default_network_service";

    /// <summary>The default of <c>--network_service_conf</c> (seed S50).</summary>
    public const string SystemConfigurationFile = "/etc/nova/nova-network.conf";

    private const string Folder = "network-services";

    /// <summary>The default of <c>--default_network_service</c> (seed S46).</summary>
    public static ServicePath SystemDefaultService { get; } = ServicePath.Parse("nova.network.vlan");

    /// <summary>
    /// Without options: <c>network-services</c> beside the application, or, in a source tree,
    /// <c>artifacts/network-services</c> of the nearest parent folder that has one. The list is
    /// <c>/etc/nova/nova-network.conf</c> if that file is there, else the sample that lies in the services folder.
    /// </summary>
    public static NetworkServiceLocations Default() => Default(AppContext.BaseDirectory, SystemConfigurationFile);

    /// <summary>As <see cref="Default()"/>, with what the configuration's three options say instead.</summary>
    /// <exception cref="FormatException">The default service's option is no module path.</exception>
    public static NetworkServiceLocations From(IConfiguration options)
    {
        string? folder = options[ServicesFolderOption];
        NetworkServiceLocations defaults = folder is null
            ? Default()
            : new NetworkServiceLocations(ListIn(folder, SystemConfigurationFile), folder, SystemDefaultService);
        return new NetworkServiceLocations(
            options[ConfigurationFileOption] ?? defaults.ConfigurationFile,
            defaults.ServicesFolder,
            options[DefaultServiceOption] is not { } path ? SystemDefaultService
            : ServicePath.TryParse(path, out ServicePath named) ? named
            : throw new FormatException($"--{DefaultServiceOption} was '{path}'; accepted is {ServicePath.Accepts}."));
    }

    /// <summary>
    /// As <see cref="Default()"/>, for an application in another folder and another system-wide list.
    /// </summary>
    public static NetworkServiceLocations Default(string baseDirectory, string systemFile)
    {
        string beside = Path.Combine(baseDirectory, Folder);
        string? folder = Directory.Exists(beside) ? beside : null;
        for (DirectoryInfo? up = new(baseDirectory); folder is null && up is not null; up = up.Parent)
        {
            string built = Path.Combine(up.FullName, "artifacts", Folder);
            folder = Directory.Exists(built) ? built : null;
        }

        folder ??= beside;
        return new NetworkServiceLocations(ListIn(folder, systemFile), folder, SystemDefaultService);
    }

    private static string ListIn(string folder, string systemFile)
    {
        string sample = Path.Combine(folder, "nova-network.conf");
        return !File.Exists(systemFile) && File.Exists(sample) ? sample : systemFile;
    }
}
