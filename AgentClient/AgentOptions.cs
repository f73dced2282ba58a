using NovaOrleans.Connections;

namespace NovaOrleans.Agent;

/// <summary>What the agent does with what it sees.</summary>
public enum AgentMode
{
    /// <summary>Opens a session and makes the host as desired, for ever.</summary>
    Run,

    /// <summary>Prints what would change, and ends. Opens no session, changes nothing.</summary>
    Plan,

    /// <summary>Reports drift for ever. Opens no session, changes nothing.</summary>
    Observe,

    /// <summary>Takes away what agents made, and ends. Needs no core.</summary>
    CleanUp,
}

/// <summary>How an agent is set up; see <see cref="AgentCommandLine"/> for the flags.</summary>
public sealed record AgentOptions
{
    public const string DefaultState = "/var/lib/nova/agent";

    /// <summary>The compute host's name, the key of its grain.</summary>
    public string Host { get; init; } = Environment.MachineName.ToLowerInvariant();

    /// <summary>A named network namespace that plays the host; null for the agent's own.</summary>
    public string? NetworkSpace { get; init; }

    /// <summary>A folder that survives the agent.</summary>
    public string State { get; init; } = DefaultState;

    /// <summary>
    /// What carries VLANs: <c>linux</c>, 802.1Q links of the kernel, or <c>ovs</c>, access ports of Open vSwitch.
    /// </summary>
    public string Switch { get; init; } = "linux";

    /// <summary>Open vSwitch's database, as ovs-vsctl takes it.</summary>
    public string OvsDatabase { get; init; } = OvsAccess.UsualDatabase;

    /// <summary>Of bridges that are made in Open vSwitch: <c>system</c>, in the kernel, or <c>netdev</c>.</summary>
    public string OvsDatapath { get; init; } = OvsAccess.Kernel;

    /// <summary>Null where VLANs are the kernel's.</summary>
    public OvsAccess? Ovs => Switch == "ovs" ? new OvsAccess(OvsDatabase, OvsDatapath) : null;

    /// <summary><c>namespaces</c>, <c>libvirt</c> or <c>none</c>.</summary>
    public string Compute { get; init; } = "namespaces";

    /// <summary>Where libvirtd is. It must be in the network namespace that plays the host.</summary>
    public string LibvirtUri { get; init; } = "qemu:///system";

    /// <summary><c>kvm</c>, or <c>qemu</c> on a machine without it.</summary>
    public string LibvirtType { get; init; } = "kvm";

    /// <summary>The operator's folder of kernels and disks; docs/api.md says how images name them.</summary>
    public string ImageFolder { get; init; } = "/var/lib/nova/images";

    /// <summary>Gateways of silos, <c>address:port</c>; used when <see cref="Cluster"/> is null.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = ["127.0.0.1:30000"];

    /// <summary>PostgreSQL connection string of the cluster's membership; null for <see cref="Gateways"/>.</summary>
    public string? Cluster { get; init; }

    /// <summary>By what the agent is known to the silos, and knows them; null where they ask for nothing.</summary>
    public CertificateFiles? Certificates { get; init; }

    /// <summary>A half of the files: the sentence about it.</summary>
    public string? CertificatesFault { get; init; }

    public string ClusterId { get; init; } = "nova";

    public string ServiceId { get; init; } = "nova";

    /// <summary>The file that lists network services; null for the usual place (NetworkServiceLocations).</summary>
    public string? NetworkServiceConf { get; init; }

    /// <summary>The folder that holds one folder a network service; null for the usual place.</summary>
    public string? NetworkServicePath { get; init; }

    /// <summary>The host's link to the outside, where floating IPs are and guests leave; null where they do not.</summary>
    public string? PublicInterface { get; init; }

    /// <summary>What guests without floating IP leave as; null for the link's own address.</summary>
    public string? RoutingSourceIp { get; init; }

    /// <summary>Where other hosts reach this one, for overlays; null for what its routes say.</summary>
    public string? MyIp { get; init; }

    /// <summary>Whether guests can read about themselves (<see cref="Metadata.MetadataServer"/>).</summary>
    public bool ServesMetadata { get; init; } = true;

    /// <summary>Whether it ends when its standard input does: the parent is gone, which may be starting another one.</summary>
    public bool EndsWithInput { get; init; }

    /// <summary>The host in memory instead of the kernel, with links eth0, eth1 and the public interface.</summary>
    public bool Fake { get; init; }

    public AgentMode Mode { get; init; }

    /// <summary>Of <see cref="AgentMode.CleanUp"/>: what running guests are plugged into stays.</summary>
    public bool KeepGuests { get; init; }

    /// <summary>Where the agent's figures are written in Prometheus' text format; null for nowhere.</summary>
    public string? MetricsFile { get; init; }

    /// <summary>Log lines as JSON objects instead of text.</summary>
    public bool LogsJson { get; init; }

    /// <summary>The collector that traces go to by OTLP; null for nowhere.</summary>
    public string? OtlpEndpoint { get; init; }

    public string NetworkFolder => Path.Combine(State, "network");

    public string GuestsFolder => Path.Combine(State, "guests");

    public string MachinesFolder => Path.Combine(State, "libvirt");

    /// <summary>What was right when it was last read back, and what had to be repaired.</summary>
    public string RepairsFile => Path.Combine(State, "repairs.json");
}
