using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using NovaOrleans.Systems.Deploy;
using NovaOrleans.Testing;
using Xunit.Abstractions;

namespace NovaOrleans.Systems;

/// <summary>
/// The page for authors of network services, from an empty folder to a ping: its commands as they stand there, in a network namespace
/// that leads nowhere, so that nothing is had from the network; the package source is the one that its first command makes.
/// </summary>
[Trait("tier", "kernel")]
public sealed class TutorialTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nova-tutorial-");
    private readonly Tutorial _tutorial = Tutorial.Read(Sources.Text("docs/write-a-plugin.md"));
    private Netns _space = null!;
    private Process? _server;

    public async Task InitializeAsync()
    {
        _space = await Netns.Create("tut");
        // Of its own, so that no template and no package of this test stays on the machine.
        Directory.CreateDirectory(In("home/.nuget/NuGet"));
        string config = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "NuGet", "NuGet.Config");
        if (File.Exists(config))
        {
            File.Copy(config, In("home/.nuget/NuGet/NuGet.Config"));
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await Netns.Tool("kill", "-TERM", $"{_server.Id}");
            await Poll.Until(() => _server.HasExited, "the server has ended", TimeSpan.FromSeconds(30));
            _server.Dispose();
        }

        await _space.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    [Trait("seed", "S4")]
    public async Task From_an_empty_folder_to_a_ping_in_less_than_ten_commands()
    {
        Assert.InRange(_tutorial.Commands.Count(), 1, 9);
        var begun = Stopwatch.StartNew();
        foreach (Tutorial.Command command in _tutorial.Commands)
        {
            if (command.Text.StartsWith("dotnet test", StringComparison.Ordinal))
            {
                ThePackagesAreWhole();
                _tutorial.WriteCode(_folder.FullName);
            }

            await Do(command);
        }

        output.WriteLine(
            $"figure: tutorial: {_tutorial.Commands.Count()} commands from an empty folder to a ping, {begun.Elapsed.TotalSeconds:F0} s");
        string token = (await File.ReadAllTextAsync(In("data/admin-token"))).Trim();
        string usage = await Bash($"curl -s -H 'X-Auth-Token: {token}' -H 'X-Project-Id: demo' http://127.0.0.1:8774/v1.1/blue/usage");
        Assert.Contains("\"held\":2", usage.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await TheGuestsGo();
    }

    private async Task Do(Tutorial.Command command)
    {
        if (command.Stays)
        {
            await StartServer(command.Text);
        }
        else if (command.Text.Contains(" ping ", StringComparison.Ordinal))
        {
            // A guest boots for a moment before it has its address.
            await Poll.Until(async () => (await Run(command.Text)).Status == 0, $"it succeeds: {command.Text}", s_patience);
        }
        else
        {
            await Bash(command.Text);
        }
    }

    private async Task StartServer(string command)
    {
        string log = In("server.log");
        // The shell becomes the server, so that the process that is ended is the server.
        ProcessStartInfo start = Start($"exec {command} >{log} 2>&1");
        _server = Process.Start(start)!;
        await Poll.Until(
            () => _server.HasExited || (File.Exists(log) && File.ReadAllText(log).Contains("NovaOrleans is up", StringComparison.Ordinal)),
            "the server is up", s_patience);
        Assert.False(_server.HasExited, File.ReadAllText(log));
    }

    private async Task TheGuestsGo()
    {
        string[] ids = (await Bash("nova manage server list | awk '/web/ {print $1}'")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, ids.Length);
        foreach (string id in ids)
        {
            await Bash($"nova manage server delete {id}");
        }

        await Poll.Until(
            async () => !(await _space.Ip("-o", "link")).Contains("nvbr", StringComparison.Ordinal)
                && await Netns.Tool("ip", "netns", "list") is var left
                && !ids.Any(id => left.Contains($"nova-{id[^12..]}", StringComparison.Ordinal)),
            "the host has no bridge and no guest left", s_patience);
    }

    /// <summary>What a registry shows, what an editor shows, and what a debugger steps into.</summary>
    private void ThePackagesAreWhole()
    {
        string[] packages = [.. Directory.GetFiles(In("packages"), "NovaOrleans.*.nupkg").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        string contract = Assert.Single(packages, p => p.StartsWith("NovaOrleans.NetworkServices.0", StringComparison.Ordinal));
        Assert.Single(packages, p => p.StartsWith("NovaOrleans.Templates.0", StringComparison.Ordinal));
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(In("packages"), contract));
        string[] entries = [.. package.Entries.Select(e => e.FullName)];
        Assert.Superset(
            new HashSet<string>(["README.md", "icon.png", "lib/net10.0/NovaOrleans.NetworkServices.dll", "lib/net10.0/NovaOrleans.NetworkServices.xml"]),
            entries.ToHashSet());
        using Stream text = package.GetEntry("NovaOrleans.NetworkServices.nuspec")!.Open();
        XElement metadata = XDocument.Load(text).Root!.Elements().Single();
        Assert.Equal("Apache-2.0", metadata.Elements().Single(e => e.Name.LocalName == "license").Value);
        Assert.All(
            metadata.Descendants().Where(e => e.Name.LocalName == "dependency"),
            d => Assert.StartsWith("Microsoft.", d.Attribute("id")!.Value, StringComparison.Ordinal));
        using ZipArchive symbols = ZipFile.OpenRead(Path.Combine(In("packages"), Path.ChangeExtension(contract, ".snupkg")));
        Assert.Contains(symbols.Entries, e => e.Name == "NovaOrleans.NetworkServices.pdb");
    }

    private string In(string path) => Path.Combine(_folder.FullName, path);

    private async Task<string> Bash(string command)
    {
        (int status, string output) = await Run(command);
        Assert.True(status == 0, $"{command}: {status}:\n{output}");
        return output;
    }

    private async Task<(int Status, string Output)> Run(string command)
    {
        using Process process = Process.Start(Start(command))!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        using var limit = new CancellationTokenSource(s_patience);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, process.ExitCode == 0 ? output : output + await errors);
    }

    /// <summary>The page's own words, which are shell.</summary>
    private ProcessStartInfo Start(string command)
    {
        // Not "ip netns exec", which has mounts of its own: the guests' namespaces would be names that lead nowhere outside of it.
        var start = new ProcessStartInfo("nsenter", [$"--net=/run/netns/{_space.Name}", "--", "bash", "-c", command])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach ((string name, string value) in new[]
        {
            ("PATH", $"{Sources.Path("")}:{Environment.GetEnvironmentVariable("PATH")}"), ("NOVA_BUILT", "1"), ("NOVA_DATA", In("data")),
            ("DOTNET_CLI_HOME", In("home")), ("NUGET_PACKAGES", In("home/packages")),
            ("NUGET_FALLBACK_PACKAGES", Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(home, ".nuget", "packages")),
        })
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
