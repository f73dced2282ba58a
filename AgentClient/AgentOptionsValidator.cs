using System.Net;
using NovaOrleans.Connections;

namespace NovaOrleans.Agent;

/// <summary>
/// Every fault at once, each in one sentence that names the flag, what was given and what is accepted.
/// </summary>
public sealed class AgentOptionsValidator : IValidateOptions<AgentOptions>
{
    public ValidateOptionsResult Validate(string? name, AgentOptions options)
    {
        string[] faults = [.. Place(options), .. Compute(options), .. Switch(options), .. Outside(options), .. Core(options)];
        return faults.Length > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Place(AgentOptions options)
    {
        if (!HostName.TryParse(options.Host, out _))
        {
            yield return $"--host: '{options.Host}' is no host name: {HostName.Accepts}.";
        }

        if (options.NetworkSpace is { } space && !Names.IsIdentifier(space, 64))
        {
            yield return $"--netns: '{space}' is no name of a network namespace: 1 to 64 letters, digits, '.', '_' or '-'.";
        }

        if (!Path.IsPathFullyQualified(options.State))
        {
            yield return $"--state: '{options.State}' is not a full path.";
        }

        if (options.KeepGuests && options.Mode != AgentMode.CleanUp)
        {
            yield return "--keep-guests: is a part of --cleanup, which was not given.";
        }

        if (options.MetricsFile is { } file && !Path.IsPathFullyQualified(file))
        {
            yield return $"--metrics: '{file}' is not a full path.";
        }
    }

    private static IEnumerable<string> Compute(AgentOptions options)
    {
        if (options.Compute is not ("namespaces" or "libvirt" or "none"))
        {
            yield return $"--compute: '{options.Compute}' is no compute driver: namespaces, libvirt or none.";
        }

        if (!Uri.TryCreate(options.LibvirtUri, UriKind.Absolute, out _))
        {
            yield return $"--libvirt_uri: '{options.LibvirtUri}' is no libvirt URI, as in qemu:///system.";
        }

        if (options.LibvirtType is not ("kvm" or "qemu"))
        {
            yield return $"--libvirt_type: '{options.LibvirtType}' is no type of guest: kvm or qemu.";
        }

        if (!Path.IsPathFullyQualified(options.ImageFolder))
        {
            yield return $"--image_folder: '{options.ImageFolder}' is not a full path.";
        }
    }

    private static IEnumerable<string> Switch(AgentOptions options)
    {
        if (options.Switch is not ("linux" or "ovs"))
        {
            yield return $"--switch: '{options.Switch}' is no switch: linux or ovs.";
        }

        if (options.OvsDatapath is not (OvsAccess.Kernel or OvsAccess.Userspace))
        {
            yield return $"--ovs_datapath: '{options.OvsDatapath}' is no datapath of Open vSwitch: system or netdev.";
        }

        if (options.OvsDatabase.Any(char.IsControl) || !options.OvsDatabase.Contains(':', StringComparison.Ordinal))
        {
            yield return $"--ovs_db: '{options.OvsDatabase}' is no OVSDB connection, as in {OvsAccess.UsualDatabase}.";
        }
    }

    private static IEnumerable<string> Outside(AgentOptions options)
    {
        if (options.PublicInterface is { } link && !(Names.IsLink(link) && link.Length <= Agent.Outside.LongestLink))
        {
            yield return $"--public_interface: '{link}' is no link for floating IPs: {Names.LinkAccepts}, and at most "
                + $"{Agent.Outside.LongestLink} of them.";
        }

        if (options.RoutingSourceIp is { } source && !Ip4Address.TryParse(source, out _))
        {
            yield return $"--routing_source_ip: '{source}' is not {Ip4Address.Accepts}.";
        }

        if (options.MyIp is { } mine && !(Ip4Address.TryParse(mine, out Ip4Address own) && own.IsOfOneHost))
        {
            yield return $"--my_ip: '{mine}' is not {Ip4Address.Accepts}, that this host alone has.";
        }
    }

    /// <summary>Where the core is.</summary>
    private static IEnumerable<string> Core(AgentOptions options)
    {
        foreach (string gateway in options.Gateways.Where(g => !IPEndPoint.TryParse(g, out IPEndPoint? e) || e.Port == 0))
        {
            yield return $"--gateway: '{gateway}' is no gateway: an address and a port, as in 127.0.0.1:30000.";
        }

        if (options.Cluster is null && options.Gateways.Count == 0)
        {
            yield return "--gateway: at least one is needed where there is no --cluster.";
        }

        if ((options.CertificatesFault ?? Certificate(options)) is { } fault)
        {
            yield return fault;
        }
    }

    /// <summary>A silo would refuse the calls; here it is told at once, and by both names.</summary>
    private static string? Certificate(AgentOptions options)
    {
        if (options.Certificates is not { } files)
        {
            return null;
        }

        try
        {
            Peer self = ClusterCertificates.Open(files, TimeProvider.System).Self;
            return self.Role == PeerRole.Host && self.Host?.Value == options.Host
                ? null
                : $"--cluster_certificate: {files.Certificate} is of {self}, and this is the agent of host {options.Host}.";
        }
        catch (OperatingFaultException fault)
        {
            return $"--cluster_certificate: {fault.Message}";
        }
    }
}
