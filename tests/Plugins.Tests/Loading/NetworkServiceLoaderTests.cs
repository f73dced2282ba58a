using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Loading;

public sealed class NetworkServiceLoaderTests : IDisposable
{
    private readonly PluginFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("seed", "S1"), Trait("seed", "S31"), Trait("seed", "S32"), Trait("seed", "S33")]
    [Trait("seed", "S48"), Trait("seed", "S51"), Trait("seed", "R1"), Trait("seed", "D1")]
    public void The_sample_file_loads_the_three_built_in_services_from_what_the_build_placed()
    {
        NetworkServiceLocations locations = NetworkServiceLocations.Default(AppContext.BaseDirectory, "/nowhere");
        LoadedNetworkServices loaded = NetworkServiceLoader.Load(locations);
        Assert.Empty(loaded.Faults);
        Assert.Equal(
            ["nova.network.vlan", "nova.network.flat", "nova.network.flat_dhcp"],
            loaded.Services.Select(s => s.Path.Value));
    }

    [Fact]
    [Trait("seed", "S29"), Trait("seed", "S156")]
    public void A_built_in_service_brings_itself_and_the_kit_and_nothing_that_its_host_shares()
    {
        string folder = NetworkServiceLocations.Default(AppContext.BaseDirectory, "/nowhere").ServicesFolder;
        foreach (string name in new[] { "Flat", "FlatDhcp", "Vlan" })
        {
            string service = Directory.EnumerateDirectories(folder, "nova.network.*").Single(d =>
                File.Exists(Path.Combine(d, $"NovaOrleans.NetworkServices.{name}.dll")));
            Assert.Equal(
                new[] { $"NovaOrleans.NetworkServices.{name}.dll", "NovaOrleans.NetworkServices.Kit.dll" }.Order(),
                Directory.EnumerateFiles(service, "*.dll").Select(f => Path.GetFileName(f)).Order());
        }
    }

    [Fact]
    [Trait("seed", "S111")]
    public void A_service_lives_in_a_world_of_its_own_and_shares_the_contract()
    {
        _folder.Compile("acme.net.good", PluginFolder.Service("acme.net.good"));
        INetworkService service = Assert.Single(Load("acme.net.good").Services);
        Assert.Equal("network service acme.net.good", ContextOf(service));
        Assert.NotEqual(ContextOf(service), ContextOf(this));
    }

    [Fact]
    [Trait("seed", "S96")]
    public void One_bad_service_is_reported_with_its_line_and_the_others_load()
    {
        _folder.Compile("acme.net.first", PluginFolder.Service("acme.net.first"));
        _folder.Compile("acme.net.last", PluginFolder.Service("acme.net.last"));
        LoadedNetworkServices loaded = Load("acme.net.first", "# comment", "acme.net.missing", "", "acme.net.last");
        Assert.Equal(["first", "last"], loaded.Services.Select(s => s.Name));
        LoadFault fault = Assert.Single(loaded.Faults);
        Assert.Equal((3, "acme.net.missing"), (fault.Line, fault.Path));
        Assert.Equal($"There is no folder {Path.Combine(_folder.Root, "acme.net.missing")}.", fault.Reason);
    }

    [Fact]
    public void Another_version_of_the_contract_is_refused_by_name()
    {
        _folder.Compile("acme.net.old", PluginFolder.Service("acme.net.old", contract: "77"));
        Assert.Equal(
            $"Service 1.0 was built for version 77 of the plug-in contract; this is version {NetworkServiceContract.Version}.",
            OnlyFault("acme.net.old"));
    }

    [Fact]
    [Trait("seed", "S110")]
    public void A_service_that_lacks_a_member_of_the_contract_is_told_so()
    {
        string yesterday = _folder.Compile(
            "yesterday",
            "namespace NovaOrleans.NetworkServices { public interface INetworkService { string Version { get; } } }",
            typeof(INetworkService).Assembly.GetName().Name);
        _folder.Compile(
            "acme.net.old",
            "public class Old : NovaOrleans.NetworkServices.INetworkService { public string Version => \"0\"; }",
            "Old",
            yesterday);
        string reason = OnlyFault("acme.net.old");
        Assert.StartsWith($"It does not fit version {NetworkServiceContract.Version} of the plug-in contract", reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("seed", "S110"), Trait("seed", "S112")]
    public void A_folder_without_a_service_a_folder_with_two_and_a_service_of_another_path_are_told_apart()
    {
        _folder.Compile("acme.net.none", "public class Nothing { }");
        _folder.Compile("acme.net.two", PluginFolder.Service("acme.net.two"), "One");
        _folder.Compile("acme.net.two", PluginFolder.Service("acme.net.two"), "Two");
        _folder.Compile("acme.net.moved", PluginFolder.Service("acme.net.elsewhere"));
        IReadOnlyList<LoadFault> faults = Load("acme.net.none", "acme.net.two", "acme.net.moved").Faults;
        Assert.StartsWith("No assembly in ", faults[0].Reason, StringComparison.Ordinal);
        Assert.StartsWith("Its folder has 2 network services, not one", faults[1].Reason, StringComparison.Ordinal);
        Assert.Equal("The service in its folder calls itself acme.net.elsewhere.", faults[2].Reason);
    }

    [Fact]
    public void What_a_service_throws_while_it_is_loaded_is_its_own_fault()
    {
        _folder.Compile(
            "acme.net.throws",
            PluginFolder.Service("acme.net.throws", "throw new System.NotSupportedException(\"no licence\")"));
        Assert.Equal("It cannot be loaded: NotSupportedException: no licence", OnlyFault("acme.net.throws"));
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_told_as_such()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Root, "acme.net.torn")).FullName;
        File.WriteAllText(Path.Combine(folder, "torn.dll"), "MZ torn");
        string reason = OnlyFault("acme.net.torn");
        Assert.StartsWith("It cannot be loaded: BadImageFormatException", reason, StringComparison.Ordinal);
    }

    /// <summary>Library 1.0 and Library 2.0, which has not the member that the first one's user calls.</summary>
    [Fact]
    public void Two_services_bring_two_versions_of_one_library()
    {
        foreach ((string word, string version, string member) in new[] { ("red", "1.0.0.0", "Old"), ("blue", "2.0.0.0", "New") })
        {
            string library = _folder.Compile(
                $"acme.net.{word}",
                $"[assembly: System.Reflection.AssemblyVersion(\"{version}\")] public class Library {{ public static string {member} => \"{word}\"; }}",
                "Library");
            _folder.Compile(
                $"acme.net.{word}",
                PluginFolder.Service($"acme.net.{word}", version: $"Library.{member} + typeof(Library).Assembly.GetName().Version"), null, library);
        }

        LoadedNetworkServices loaded = Load("acme.net.red", "acme.net.blue");
        Assert.Empty(loaded.Faults);
        Assert.Equal(["red1.0.0.0", "blue2.0.0.0"], loaded.Services.Select(s => s.Version));
    }

    [Fact]
    public void A_copy_of_the_contract_beside_a_service_is_ignored()
    {
        _folder.Compile("acme.net.copied", PluginFolder.Service("acme.net.copied"));
        string contract = typeof(INetworkService).Assembly.Location;
        File.Copy(contract, Path.Combine(_folder.Root, "acme.net.copied", Path.GetFileName(contract)));
        LoadedNetworkServices loaded = Load("acme.net.copied");
        Assert.Empty(loaded.Faults);
        Assert.Single(loaded.Services);
    }

    private LoadedNetworkServices Load(params string[] lines)
    {
        _folder.List(lines);
        return NetworkServiceLoader.Load(_folder.Configuration, _folder.Root);
    }

    private string OnlyFault(string path)
    {
        LoadedNetworkServices loaded = Load(path);
        Assert.Empty(loaded.Services);
        Assert.Empty(loaded.Assemblies);
        return Assert.Single(loaded.Faults).Reason;
    }

    private static string? ContextOf(object o) =>
        System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(o.GetType().Assembly)?.Name;
}
