using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NovaOrleans.Loading;

/// <summary>
/// A private services folder with a configuration file, in which tests put plug-ins compiled from source.
/// </summary>
public sealed class PluginFolder : IDisposable
{
    private static readonly List<MetadataReference> s_host =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Select(file => (MetadataReference)MetadataReference.CreateFromFile(file)).ToList();

    public string Root { get; } = Directory.CreateTempSubdirectory("nova-plugins-").FullName;

    public string Configuration => Path.Combine(Root, "nova-network.conf");

    /// <summary>The source of a whole plug-in; its three doors lead nowhere, since only loading is looked at.</summary>
    public static string Service(
        string path, string contract = "NetworkServiceContract.Version", string version = "\"1.0\"") => $$"""
        using Microsoft.Extensions.DependencyInjection;
        using NovaOrleans.NetworkServices;
        using NovaOrleans.Vocabulary;

        public sealed class Service : INetworkService
        {
            public ServicePath Path => ServicePath.Parse("{{path}}");
            public string Version => {{version}};
            public int ContractVersion => {{contract}};
            public IOsService GetOsService(INetworkServiceHost host) => null!;
            public IOsApiService GetOsApiService(INetworkServiceHost host) => null!;
            public INetAgent GetNetAgent(IHostLink link) => null!;
        }
        """;

    public void List(params string[] lines) => File.WriteAllLines(Configuration, lines);

    /// <summary>Compiles source into the folder of a module path and answers with the file.</summary>
    public string Compile(string modulePath, string source, string? assembly = null, params string[] references)
    {
        assembly ??= "Plugin." + modulePath;
        string folder = Directory.CreateDirectory(Path.Combine(Root, modulePath)).FullName;
        string file = Path.Combine(folder, assembly + ".dll");
        CSharpCompilation compilation = CSharpCompilation.Create(
            assembly,
            [CSharpSyntaxTree.ParseText(source)],
            [.. HostWithout(references), .. references.Select(r => MetadataReference.CreateFromFile(r))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(file);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return file;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>What is given wins over what this process has under the same name.</summary>
    private static IEnumerable<MetadataReference> HostWithout(string[] references)
    {
        HashSet<string> replaced = [.. references.Select(r => Path.GetFileName(r))];
        return s_host.Where(r => !replaced.Contains(Path.GetFileName(r.Display!)));
    }
}
