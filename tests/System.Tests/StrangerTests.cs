using System.Diagnostics;
using NovaOrleans.Systems.Deploy;
using NovaOrleans.Testing;
using Xunit.Abstractions;

namespace NovaOrleans.Systems;

/// <summary>The overlay of strangers' as they build it: a folder somewhere else, and the package of the contract.</summary>
public sealed class StrangerTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nova-stranger-");

    private string Version { get; } = $"0.1.0-test{Guid.NewGuid():N}";

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        // What a restore put into this machine's cache of packages, which nobody else will ask for.
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string mine = Path.Combine(cache, "novaorleans.networkservices", Version.ToLowerInvariant());
        if (Directory.Exists(mine))
        {
            Directory.Delete(mine, recursive: true);
        }
    }

    [Fact]
    [Trait("seed", "S20"), Trait("seed", "S27"), Trait("seed", "S111")]
    public async Task A_service_with_grains_of_its_own_builds_from_the_package_and_brings_nothing_that_the_server_has()
    {
        var begun = Stopwatch.StartNew();
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string packages = _folder.CreateSubdirectory("packages").FullName;
        await Dotnet(
            "pack", Sources.Path("Grains.Interfaces/NetworkServices"), "-c", configuration, "--no-build",
            $"-p:PackageVersion={Version}", "-o", packages);
        CopySources();
        await Dotnet(
            "build", Path.Combine(_folder.FullName, "vxlan", "Vxlan.slnx"), "-c", "Release", "--source", packages,
            $"-p:NovaOrleansVersion={Version}");
        string[] made =
        [
            .. Directory.EnumerateFiles(Path.Combine(_folder.FullName, "vxlan", "bin", "Release", "net10.0"))
                .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(
            ["Nova.Network.Vxlan.deps.json", "Nova.Network.Vxlan.dll", "Nova.Network.Vxlan.pdb", "Nova.Network.Vxlan.runtimeconfig.json",
                "conformance.json"], made);
        output.WriteLine($"figure: a stranger's service built from the package alone in {begun.Elapsed.TotalSeconds:F0} s");
    }

    private void CopySources()
    {
        string from = Sources.Path("tests/ThirdParty/Vxlan");
        string[] skipped = ["bin", "obj"];
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(from, file);
            if (!skipped.Contains(relative.Split(Path.DirectorySeparatorChar)[0]))
            {
                string to = Path.Combine(_folder.FullName, "vxlan", relative);
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }
        }
    }

    /// <summary>Build servers would outlive the test.</summary>
    private static Task Dotnet(params string[] arguments) =>
        Netns.Tool("dotnet", [.. arguments, "-v", "q", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"]);
}
