using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace NovaOrleans.Systems.Deploy;

/// <summary>The units, as systemd itself reads them; and what they tell our programs.</summary>
public sealed class SystemdTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nova-units-");

    public static TheoryData<string> Units => [.. Sources.Files("deploy/systemd", "*.service").Select(f => Path.GetFileName(f))];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Units))]
    public async Task Systemd_finds_nothing_wrong_with_a_unit(string name)
    {
        (int exit, string said) = await Analyze("verify", Unit(name));
        // Units of the machine's own may be wrong in their own ways.
        Assert.True(exit == 0 && !said.Contains(name, StringComparison.Ordinal), $"{name}: {said}");
    }

    /// <summary>0 is a service that may do nothing, 10 one that may do everything.</summary>
    [Theory]
    [InlineData("nova-silo.service", 25)]
    [InlineData("nova-api.service", 25)]
    public async Task A_service_that_needs_nothing_of_its_machine_may_do_little_there(string name, int mostTenths)
    {
        (int exit, string said) = await Analyze("security", "--offline=true", $"--threshold={mostTenths}", "--no-pager", Unit(name));
        string line = said.Trim().Split('\n')[^1].Trim();
        output.WriteLine($"figure: {line}");
        Assert.True(exit == 0, line);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Every_option_is_one_that_its_program_has(string name)
    {
        string start = Regex.Match(
            Sources.Text($"deploy/systemd/{name}"), @"^ExecStart=(?:.*\\\n)*.*$", RegexOptions.Multiline).Value;
        string program = Regex.Match(start, @"/opt/nova/(\w+)/NovaOrleans\.\1\.dll").Groups[1].Value;
        string[] options = [.. Regex.Matches(start, @"(?<=\s)--\w+").Select(m => m.Value)];
        Assert.NotEmpty(options);
        Assert.All(options, o => Assert.True(Sources.HasOption(program, o), $"{name}: {program} has no option {o}"));
        Assert.True(
            Directory.Exists(Path.Combine(Testing.NovaProcess.Artifacts, "bin", program)), $"{name}: there is no program {program}");
    }

    /// <summary>A copy whose programs and accounts are there on any machine: what is wrong with the rest is found.</summary>
    private string Unit(string name)
    {
        string file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, Regex.Replace(
            Sources.Text($"deploy/systemd/{name}").Replace("/usr/bin/dotnet ", "/bin/true ", StringComparison.Ordinal)
                .Replace("User=nova", "User=daemon", StringComparison.Ordinal),
            "^Documentation=.*$", "", RegexOptions.Multiline));
        return file;
    }

    private static async Task<(int Exit, string Said)> Analyze(params string[] arguments)
    {
        ProcessStartInfo start = new("systemd-analyze", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start)!;
        string[] said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Create(CultureInfo.InvariantCulture, $"{said[0]}{said[1]}"));
    }
}
