using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NovaOrleans.NetworkServices.Loading;

/// <summary>
/// Loads the network services that the configuration file lists (seed S96), each from <c>{folder}/{module path}/</c>:
/// that folder holds one assembly with one public <see cref="INetworkService"/> of that path, and what it needs that
/// the host does not share. Call it before the silo or client is built, since Orleans fixes its types then. A service
/// that cannot be loaded is a <see cref="LoadFault"/> with its line and reason; the others load.
/// </summary>
public static class NetworkServiceLoader
{
    public static LoadedNetworkServices Load(string confFile, string servicePath)
    {
        NetworkServiceConfiguration configuration = NetworkServiceConfiguration.Read(confFile);
        var services = new List<INetworkService>();
        var assemblies = new List<Assembly>();
        var faults = new List<LoadFault>(configuration.Faults);
        foreach ((int line, ServicePath path) in configuration.Lines)
        {
            try
            {
                services.Add(LoadOne(path, Path.Combine(Path.GetFullPath(servicePath), path.Value), assemblies));
            }
            catch (NetworkServiceLoadException e)
            {
                faults.Add(new LoadFault(line, path.Value, e.Message));
            }
        }

        return new LoadedNetworkServices(services, faults.OrderBy(f => f.Line).ToList(), assemblies);
    }

    public static LoadedNetworkServices Load(NetworkServiceLocations locations) =>
        Load(locations.ConfigurationFile, locations.ServicesFolder);

    private static INetworkService LoadOne(ServicePath path, string folder, List<Assembly> assemblies)
    {
        if (!Directory.Exists(folder))
        {
            throw new NetworkServiceLoadException($"There is no folder {folder}.");
        }

        IReadOnlyList<Assembly> candidates = Guard(() => AssembliesIn(path, folder));
        List<Type> found = Guard(() => candidates.SelectMany(ServicesIn).ToList());
        if (found is not [Type type])
        {
            throw new NetworkServiceLoadException(found.Count == 0
                ? $"No assembly in {folder} has a public class that implements {nameof(INetworkService)}."
                : $"Its folder has {found.Count} network services, not one: "
                    + $"{string.Join(", ", found.Select(t => t.FullName))}.");
        }

        INetworkService service = Guard(() => (INetworkService)Activator.CreateInstance(type)!);
        Guard(() => Check(service, path));
        assemblies.AddRange(candidates);
        return service;
    }

    /// <summary>
    /// Loads the assemblies that speak of the contract into one context; any other cannot hold a service and is loaded
    /// when one asks for it. The assembly with a .deps.json beside it says where further ones lie.
    /// </summary>
    private static List<Assembly> AssembliesIn(ServicePath path, string folder)
    {
        List<string> files = Directory.EnumerateFiles(folder, "*.dll")
            .Where(SpeaksOfContract)
            .OrderBy(f => !File.Exists(Path.ChangeExtension(f, ".deps.json")))
            .ThenBy(f => f, StringComparer.Ordinal)
            .ToList();
        if (files.Count == 0)
        {
            return [];
        }

        var context = new NetworkServiceLoadContext(path, files[0]);
        return files.ConvertAll(context.LoadFromAssemblyPath);
    }

    private static IEnumerable<Type> ServicesIn(Assembly assembly) => assembly.GetExportedTypes().Where(t =>
        t is { IsClass: true, IsAbstract: false } && typeof(INetworkService).IsAssignableFrom(t));

    private static bool Check(INetworkService service, ServicePath path)
    {
        if (service.ContractVersion != NetworkServiceContract.Version)
        {
            throw new NetworkServiceLoadException(
                $"{service.GetType().FullName} {service.Version} was built for version {service.ContractVersion} "
                + $"of the plug-in contract; this is version {NetworkServiceContract.Version}.");
        }

        return service.Path == path
            ? true
            : throw new NetworkServiceLoadException($"The service in its folder calls itself {service.Path}.");
    }

    /// <summary>
    /// A plug-in is other people's code: whatever it throws while it is loaded, or that it does not come back, is its fault alone and
    /// is told as such.
    /// </summary>
    private static T Guard<T>(Func<T> step)
    {
        try
        {
            return ServiceCalls.AtStart(step);
        }
        catch (Exception e) when (e is not NetworkServiceLoadException)
        {
            Exception cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            throw new NetworkServiceLoadException(cause is TypeLoadException or MissingMethodException
                ? $"It does not fit version {NetworkServiceContract.Version} of the plug-in contract: {cause.Message}"
                : $"It cannot be loaded: {cause.GetType().Name}: {cause.Message}", e);
        }
    }

    private static bool SpeaksOfContract(string file)
    {
        // A copy of the contract itself, or of Orleans, beside a plug-in is ignored: the host's own are used.
        if (NetworkServiceLoadContext.IsShared(Path.GetFileNameWithoutExtension(file)))
        {
            return false;
        }

        using FileStream stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        if (!image.HasMetadata)
        {
            return false;
        }

        MetadataReader metadata = image.GetMetadataReader();
        return metadata.AssemblyReferences.Any(reference => metadata.StringComparer.Equals(
            metadata.GetAssemblyReference(reference).Name, NetworkServiceLoadContext.ContractName));
    }
}
