using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace NovaOrleans.Systems.Deploy;

/// <summary>
/// The manifests, as far as this can be told without a cluster: they are what the API's own models read, strictly; what they name is
/// there; and what they tell our programs these programs understand.
/// </summary>
public sealed class KubernetesTests
{
    private static readonly IReadOnlyList<object> Objects = [.. Sources.Files("deploy/kubernetes", "*.yaml").SelectMany(Load)];

    private static IEnumerable<V1PodSpec> Pods =>
    [
        .. Objects.OfType<V1StatefulSet>().Select(s => s.Spec.Template.Spec), .. Objects.OfType<V1Deployment>().Select(d => d.Spec.Template.Spec),
        .. Objects.OfType<V1DaemonSet>().Select(d => d.Spec.Template.Spec), .. Objects.OfType<V1Job>().Select(j => j.Spec.Template.Spec),
    ];

    private static IEnumerable<V1Container> Containers => Pods.SelectMany(p => p.Containers);

    [Fact]
    public void What_a_cluster_needs_is_there_in_one_namespace()
    {
        Assert.Single(Objects.OfType<V1Namespace>());
        Assert.Equal("None", Assert.Single(Objects.OfType<V1Service>(), s => s.Metadata.Name == "nova-silo").Spec.ClusterIP);
        Assert.Equal("nova-silo", Assert.Single(Objects.OfType<V1StatefulSet>()).Spec.ServiceName);
        Assert.Single(Objects.OfType<V1Deployment>());
        Assert.Single(Objects.OfType<V1DaemonSet>());
        Assert.Single(Objects.OfType<V1Job>());
        Assert.Equal(2, Objects.OfType<V1PodDisruptionBudget>().Count());
        Assert.All(
            Objects.OfType<IKubernetesObject<V1ObjectMeta>>().Where(o => o is not V1Namespace), o => Assert.Equal("nova", o.Metadata.NamespaceProperty));
    }

    [Fact]
    public void Labels_are_those_that_selectors_ask_for()
    {
        IReadOnlyList<IDictionary<string, string>> labels =
        [
            .. Objects.OfType<V1StatefulSet>().Select(s => s.Spec.Template.Metadata.Labels),
            .. Objects.OfType<V1Deployment>().Select(s => s.Spec.Template.Metadata.Labels),
            .. Objects.OfType<V1DaemonSet>().Select(s => s.Spec.Template.Metadata.Labels),
        ];
        IEnumerable<IDictionary<string, string>> selectors =
        [
            .. Objects.OfType<V1Service>().Select(s => s.Spec.Selector),
            .. Objects.OfType<V1PodDisruptionBudget>().Select(b => b.Spec.Selector.MatchLabels),
            .. Objects.OfType<V1NetworkPolicy>().Select(b => b.Spec.PodSelector.MatchLabels),
            .. Objects.OfType<V1StatefulSet>().Select(s => s.Spec.Selector.MatchLabels),
            .. Objects.OfType<V1Deployment>().Select(s => s.Spec.Selector.MatchLabels),
            .. Objects.OfType<V1DaemonSet>().Select(s => s.Spec.Selector.MatchLabels),
        ];
        Assert.All(selectors, s => Assert.Single(labels, l => s.All(pair => l.TryGetValue(pair.Key, out string? value) && value == pair.Value)));
    }

    [Fact]
    public void Volumes_and_ports_that_are_named_are_there()
    {
        foreach (V1PodSpec pod in Pods)
        {
            HashSet<string> volumes = [.. (pod.Volumes ?? []).Select(v => v.Name)];
            HashSet<string> mounted = [.. pod.Containers.SelectMany(c => c.VolumeMounts ?? []).Select(m => m.Name)];
            Assert.Equal(volumes.Order(), mounted.Order());
        }

        foreach (V1Service service in Objects.OfType<V1Service>())
        {
            HashSet<string> ports = [.. Containers.SelectMany(c => c.Ports ?? []).SelectMany(p => new[] { p.Name, $"{p.ContainerPort}" })];
            Assert.All(service.Spec.Ports, p => Assert.Contains(p.TargetPort?.Value ?? $"{p.Port}", ports));
        }
    }

    [Fact]
    public void Every_option_is_one_that_its_program_has()
    {
        int checkedOptions = 0;
        foreach (V1Container container in Containers)
        {
            string program = container.Image switch
            {
                var i when i.StartsWith("nova-silo:", StringComparison.Ordinal) => "Silo",
                var i when i.StartsWith("nova-api:", StringComparison.Ordinal) => "Api",
                _ => "AgentClient",
            };
            foreach (string option in container.Args.Where(a => a.StartsWith("--", StringComparison.Ordinal)))
            {
                Assert.True(Sources.HasOption(program, option), $"{container.Name}: {program} has no option {option}");
                checkedOptions++;
            }

            foreach (V1EnvVar variable in (container.Env ?? []).Where(e => e.Name.StartsWith("NOVA_", StringComparison.Ordinal)))
            {
                string option = $"--{variable.Name[5..].ToLowerInvariant()}";
                Assert.True(Sources.HasOption(program, option), $"{container.Name}: {program} has no option {option}");
            }
        }

        Assert.InRange(checkedOptions, 25, 100);
    }

    [Fact]
    public void Probes_ask_what_the_process_answers_where_it_was_told_to_listen()
    {
        foreach (V1Container container in Containers.Where(c => c.Args.Contains("--health_urls")))
        {
            Uri listens = new(container.Args[container.Args.IndexOf("--health_urls") + 1]);
            V1Probe[] probes = [.. new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }.OfType<V1Probe>()];
            Assert.True(probes.Length >= 2, $"{container.Name} has {probes.Length} probes");
            foreach (V1HTTPGetAction ask in probes.Select(p => p.HttpGet))
            {
                int port = int.TryParse(ask.Port.Value, out int number)
                    ? number
                    : container.Ports.Single(p => p.Name == ask.Port.Value).ContainerPort;
                Assert.Equal(listens.Port, port);
                Assert.True(listens.Host == "0.0.0.0" || ask.Host == listens.Host, $"{container.Name} listens on {listens.Host} alone");
                Assert.Contains($"\"{ask.Path}\"", Sources.Text("Api/Operations/HealthRoutes.cs"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Silos_and_facades_may_do_nothing_on_their_node_and_no_secret_is_written_down()
    {
        foreach (V1PodSpec pod in Pods.Where(p => p.Containers[0].Name != "agent"))
        {
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.All(pod.Containers, c => Assert.Equal(["ALL"], c.SecurityContext.Capabilities.Drop));
            Assert.All(pod.Containers, c => Assert.False(c.SecurityContext.AllowPrivilegeEscalation));
        }

        Assert.Empty(Objects.OfType<V1Secret>());
        Assert.All(Containers.SelectMany(c => c.Env ?? []).Where(e => e.Name == "NOVA_DATABASE"), e => Assert.NotNull(e.ValueFrom.SecretKeyRef));
        Assert.All(Pods, p => Assert.False(p.AutomountServiceAccountToken));
    }

    [Fact]
    public void Agents_may_do_on_their_node_what_the_unit_lets_them()
    {
        V1Container agent = Objects.OfType<V1DaemonSet>().Single().Spec.Template.Spec.Containers.Single();
        string unit = Sources.Text("deploy/systemd/nova-agent.service");
        string allowed = Regex.Match(unit, "^CapabilityBoundingSet=(.*)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Equal(
            allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), agent.SecurityContext.Capabilities.Add.Select(c => $"CAP_{c}").Order());
        Assert.True(Objects.OfType<V1DaemonSet>().Single().Spec.Template.Spec.HostNetwork);
    }

    private static List<object> Load(string file) => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true);
}
