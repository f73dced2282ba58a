using System.Diagnostics;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NovaOrleans.Testing;

namespace NovaOrleans.Systems.Deploy;

/// <summary>
/// Images, as far as this can be told without a registry: what the SDK would make of each program, and that manifests ask for that.
/// </summary>
public sealed class ContainerTests
{
    [Fact]
    public async Task Manifests_ask_for_the_images_that_the_SDK_makes_and_its_base_is_its_own_default()
    {
        string[] programs = ["Silo", "Api", "AgentClient"];
        JsonNode[] made = await Task.WhenAll(programs.Select(Properties));
        IEnumerable<string> asked = Sources.Files("deploy/kubernetes", "*.yaml")
            .SelectMany(f => KubernetesYaml.LoadAllFromString(File.ReadAllText(f))).SelectMany(Containers).Select(c => c.Image).Distinct();
        Assert.Equal(asked.Order(), made.Select(m => $"{m["ContainerRepository"]}:{m["ContainerImageTag"]}").Order());
        // The SDK names a base by kind of program and version; none is written down here.
        Assert.All(made, m => Assert.Matches("/dotnet/(aspnet|runtime):10\\.0", (string?)m["ContainerBaseImage"]));
        Assert.Equal("root", (string?)made[2]["ContainerUser"]);
    }

    [Fact]
    public void The_network_services_that_go_along_are_there() => Assert.All(
        File.ReadAllLines(Path.Combine(NovaProcess.Artifacts, "network-services", "nova-network.conf"))
            .Where(l => l.StartsWith("nova.", StringComparison.Ordinal)),
        service => Assert.NotEmpty(Directory.GetFiles(Path.Combine(NovaProcess.Artifacts, "network-services", service), "*.dll")));

    private static IEnumerable<V1Container> Containers(object manifest) => manifest switch
    {
        V1StatefulSet s => s.Spec.Template.Spec.Containers,
        V1Deployment d => d.Spec.Template.Spec.Containers,
        V1DaemonSet d => d.Spec.Template.Spec.Containers,
        V1Job j => j.Spec.Template.Spec.Containers,
        _ => [],
    };

    private static async Task<JsonNode> Properties(string program)
    {
        ProcessStartInfo start = new(
            "dotnet",
            [
                "msbuild", Sources.Path($"{program}/{program}.csproj"), "-nologo", "-nodeReuse:false", "-t:ComputeContainerBaseImage",
                "-getProperty:ContainerRepository", "-getProperty:ContainerImageTag", "-getProperty:ContainerBaseImage", "-getProperty:ContainerUser",
            ])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, said);
        return JsonNode.Parse(said)!["Properties"]!;
    }
}
