using System.CommandLine;
using NovaOrleans.Connections;

namespace NovaOrleans.Agent;

/// <summary>The flags of the agent, read into <see cref="AgentOptions"/>.</summary>
public static class AgentCommandLine
{
    private static readonly AgentOptions Defaults = new();

    private static readonly Option<string> Host = Text("--host", "the compute host's name", Defaults.Host);
    private static readonly Option<string?> Space =
        Text<string?>("--netns", "the network namespace that plays the host", null);
    private static readonly Option<string> State =
        Text("--state", "the folder that survives the agent", Defaults.State);

    private static readonly Option<string> Compute = Text("--compute", "namespaces, libvirt or none", Defaults.Compute);
    private static readonly Option<string> Switch =
        Text("--switch", "what carries VLANs: linux (802.1Q) or ovs (Open vSwitch)", Defaults.Switch);

    private static readonly Option<string> OvsDatabase =
        Text("--ovs_db", "Open vSwitch's database", Defaults.OvsDatabase);

    private static readonly Option<string> OvsDatapath =
        Text("--ovs_datapath", "system (the kernel's) or netdev (userspace)", Defaults.OvsDatapath);
    private static readonly Option<string> LibvirtUri = Text("--libvirt_uri", "where libvirtd is", Defaults.LibvirtUri);
    private static readonly Option<string> LibvirtType =
        Text("--libvirt_type", "kvm, or qemu on a machine without it", Defaults.LibvirtType);
    private static readonly Option<string> ImageFolder =
        Text("--image_folder", "the folder of kernels and disks", Defaults.ImageFolder);
    private static readonly Option<string> ClusterId =
        Text("--cluster_id", "the Orleans cluster's id", Defaults.ClusterId);
    private static readonly Option<string> ServiceId =
        Text("--service_id", "the Orleans service's id", Defaults.ServiceId);
    private static readonly Option<string?> Cluster =
        Text<string?>("--cluster", "PostgreSQL connection string of the cluster's membership; else NOVA_CLUSTER", null);

    private static readonly Option<string?> Certificate =
        Text<string?>("--cluster_certificate", "PEM file of this host's certificate (nova-manage certificate host)", null);

    private static readonly Option<string?> Key = Text<string?>("--cluster_key", "PEM file of its key", null);
    private static readonly Option<string?> Authority = Text<string?>("--cluster_ca", "PEM file of the cluster's CA", null);

    private static readonly Option<string?> Conf = Text<string?>(
        "--network_service_conf", "lists network services, a module path a line [/etc/nova/nova-network.conf]", null);

    private static readonly Option<string?> Plugins =
        Text<string?>("--network_service_path", "the folder of the plug-ins [network-services]", null);

    private static readonly Option<string[]> Gateways = new("--gateway")
    {
        Description = "a silo's gateway, address:port; may be repeated",
        DefaultValueFactory = _ => [.. Defaults.Gateways],
    };

    private static readonly Option<string?> PublicInterface = Text<string?>(
        "--public_interface", "the link to the outside: where floating IPs are, and guests leave", null);

    private static readonly Option<string?> RoutingSourceIp = Text<string?>(
        "--routing_source_ip", "what guests without floating IP leave as [the public interface's own address]", null);

    private static readonly Option<string?> MyIp = Text<string?>(
        "--my_ip", "this host's IPv4 address for others, as overlays need it [that of the link with the default route]", null);

    private static readonly Option<string> Metadata = new("--metadata")
    {
        Description = "on or off: whether guests can read about themselves at 169.254.169.254",
        DefaultValueFactory = _ => "on",
    };

    private static readonly Option<bool> WithInput = Flag(
        "--with_stdin", "end when the standard input does, as a child ends whose parent was killed");

    private static readonly Option<bool> Fake = Flag("--fake", "a host in memory instead of the kernel, with links eth0 and eth1");
    private static readonly Option<bool> Plan = Flag("--plan", "print what would change and end; changes nothing");
    private static readonly Option<bool> Observe = Flag("--observe", "report drift for ever; changes nothing");

    private static readonly Option<bool> Clean = Flag(
        "--cleanup", "take away what agents made on this host, guests too, and end; stop the agent first");

    private static readonly Option<bool> KeepGuests =
        Flag("--keep-guests", "with --cleanup: running guests stay, and what they are plugged into");

    private static readonly Option<string?> Metrics = Text<string?>(
        "--metrics", "a file for the agent's figures in Prometheus' text format", null);

    private static readonly Option<string> LogFormat = new("--log_format")
    {
        Description = "text or json, an object a line",
        DefaultValueFactory = _ => "text",
    };

    private static readonly Option<string?> Otlp = Text<string?>(
        "--otlp_endpoint", "the collector that traces go to by OTLP, as in http://127.0.0.1:4317", null);

    /// <summary>
    /// Reads the flags and hands the options to <paramref name="run"/>; help and faults it answers itself.
    /// </summary>
    public static Task<int> Invoke(string[] arguments, Func<AgentOptions, CancellationToken, Task<int>> run)
    {
        Metadata.AcceptOnlyFromAmong("on", "off");
        LogFormat.AcceptOnlyFromAmong("text", "json");
        RootCommand command = new("The compute host's agent: makes the host what the core says and reports it.")
        {
            Host, Space, State, Compute, Switch, OvsDatabase, OvsDatapath, LibvirtUri, LibvirtType, ImageFolder, Gateways,
            Cluster, ClusterId, ServiceId, Conf, Plugins, Fake, Plan, Observe, Clean, KeepGuests, Metrics,
            PublicInterface, RoutingSourceIp, MyIp, Metadata, Certificate, Key, Authority, LogFormat, Otlp, WithInput,
        };
        command.SetAction((parsed, stop) => run(Read(parsed), stop));
        return command.Parse(arguments).InvokeAsync();
    }

    private static AgentOptions Read(ParseResult parsed) => WithCertificates(parsed, new()
    {
        Host = parsed.GetValue(Host)!,
        NetworkSpace = parsed.GetValue(Space),
        State = parsed.GetValue(State)!,
        Compute = parsed.GetValue(Compute)!,
        Switch = parsed.GetValue(Switch)!,
        OvsDatabase = parsed.GetValue(OvsDatabase)!,
        OvsDatapath = parsed.GetValue(OvsDatapath)!,
        LibvirtUri = parsed.GetValue(LibvirtUri)!,
        LibvirtType = parsed.GetValue(LibvirtType)!,
        ImageFolder = parsed.GetValue(ImageFolder)!,
        Gateways = parsed.GetValue(Gateways)!,
        // From the environment rather than an argument: a connection string may hold a password.
        Cluster = parsed.GetValue(Cluster) ?? Environment.GetEnvironmentVariable("NOVA_CLUSTER"),
        ClusterId = parsed.GetValue(ClusterId)!,
        ServiceId = parsed.GetValue(ServiceId)!,
        NetworkServiceConf = parsed.GetValue(Conf),
        NetworkServicePath = parsed.GetValue(Plugins),
        PublicInterface = parsed.GetValue(PublicInterface),
        RoutingSourceIp = parsed.GetValue(RoutingSourceIp),
        MyIp = parsed.GetValue(MyIp),
        ServesMetadata = parsed.GetValue(Metadata) == "on",
        EndsWithInput = parsed.GetValue(WithInput),
        Fake = parsed.GetValue(Fake),
        Mode = parsed.GetValue(Plan) ? AgentMode.Plan
            : parsed.GetValue(Observe) ? AgentMode.Observe
            : parsed.GetValue(Clean) ? AgentMode.CleanUp : AgentMode.Run,
        KeepGuests = parsed.GetValue(KeepGuests),
        MetricsFile = parsed.GetValue(Metrics),
        LogsJson = parsed.GetValue(LogFormat) == "json",
        OtlpEndpoint = parsed.GetValue(Otlp),
    });

    private static AgentOptions WithCertificates(ParseResult parsed, AgentOptions options)
    {
        (CertificateFiles? files, string? fault) = CertificateFiles.From(
            parsed.GetValue(Certificate), parsed.GetValue(Key), parsed.GetValue(Authority));
        return options with { Certificates = files, CertificatesFault = fault };
    }

    private static Option<T> Text<T>(string name, string description, T otherwise) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => otherwise,
    };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
