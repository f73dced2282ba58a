using System.Reflection;
using System.Runtime.Loader;
using Microsoft.AspNetCore.Http;

namespace NovaOrleans.NetworkServices.Loading;

/// <summary>
/// One network service's own world of assemblies. What it shares with the host process is on an allow-list, so that
/// both mean the same type by <see cref="INetworkService"/>, a grain interface or a logger; everything else is its own
/// copy, so that two services may bring different versions of one library. Never unloaded: Orleans fixes its types at
/// start.
/// </summary>
internal sealed class NetworkServiceLoadContext(ServicePath path, string mainAssembly)
    : AssemblyLoadContext($"network service {path}", isCollectible: false)
{
    private static readonly Assembly s_contract = typeof(INetworkService).Assembly;

    /// <summary>The core's grain interfaces, for what is built against them: it is shared as the contract is.</summary>
    private static readonly Assembly s_core = typeof(NetworkServiceLoadContext).Assembly;
    private static readonly AssemblyLoadContext s_host = GetLoadContext(s_contract) ?? Default;

    private static readonly string[] s_sharedPrefixes =
        ["Orleans.", "Microsoft.Orleans.", "Microsoft.Extensions.", "Microsoft.AspNetCore."];

    /// <summary>
    /// The runtime's and ASP.NET's own folders: a System.* library from elsewhere is the plug-in's own affair.
    /// </summary>
    private static readonly string[] s_frameworkFolders =
    [
        Path.GetDirectoryName(typeof(object).Assembly.Location)!,
        Path.GetDirectoryName(typeof(HttpContext).Assembly.Location)!,
    ];

    private readonly AssemblyDependencyResolver _resolver = new(mainAssembly);

    internal static string ContractName { get; } = s_contract.GetName().Name!;

    private static string CoreName { get; } = s_core.GetName().Name!;

    internal static bool IsShared(string name) =>
        name == ContractName
        || name == CoreName
        || s_sharedPrefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal))
        || s_frameworkFolders.Any(f => File.Exists(Path.Combine(f, name + ".dll")));

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name!;
        if (name == ContractName || name == CoreName)
        {
            return name == ContractName ? s_contract : s_core;
        }

        if (IsShared(name))
        {
            try
            {
                return s_host.LoadFromAssemblyName(assemblyName);
            }
            catch (FileNotFoundException)
            {
                // The host does not have this part of Orleans or of the extensions, so nobody can disagree about it.
            }
        }

        return _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
}
