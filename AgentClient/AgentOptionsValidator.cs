using System.Net;

namespace NovaOrleans.Agent;

/// <summary>
/// Every fault at once, each in one sentence that names the flag, what was given and what is accepted.
/// </summary>
public sealed class AgentOptionsValidator : IValidateOptions<AgentOptions>
{
    public ValidateOptionsResult Validate(string? name, AgentOptions options)
    {
        List<string> faults = [];
        if (!HostName.TryParse(options.Host, out _))
        {
            faults.Add($"--host: '{options.Host}' is no host name: {HostName.Accepts}.");
        }

        if (options.NetworkSpace is { } space && !Names.IsIdentifier(space, 64))
        {
            faults.Add(
                $"--netns: '{space}' is no name of a network namespace: 1 to 64 letters, digits, '.', '_' or '-'.");
        }

        if (!Path.IsPathFullyQualified(options.State))
        {
            faults.Add($"--state: '{options.State}' is not a full path.");
        }

        if (options.Compute is not ("namespaces" or "libvirt" or "none"))
        {
            faults.Add($"--compute: '{options.Compute}' is no compute driver: namespaces, libvirt or none.");
        }

        if (!Uri.TryCreate(options.LibvirtUri, UriKind.Absolute, out _))
        {
            faults.Add($"--libvirt_uri: '{options.LibvirtUri}' is no libvirt URI, as in qemu:///system.");
        }

        if (options.LibvirtType is not ("kvm" or "qemu"))
        {
            faults.Add($"--libvirt_type: '{options.LibvirtType}' is no type of guest: kvm or qemu.");
        }

        if (!Path.IsPathFullyQualified(options.ImageFolder))
        {
            faults.Add($"--image_folder: '{options.ImageFolder}' is not a full path.");
        }

        if (options.Switch is not ("linux" or "ovs"))
        {
            faults.Add($"--switch: '{options.Switch}' is no switch: linux or ovs.");
        }

        if (options.OvsDatapath is not (OvsAccess.Kernel or OvsAccess.Userspace))
        {
            faults.Add($"--ovs_datapath: '{options.OvsDatapath}' is no datapath of Open vSwitch: system or netdev.");
        }

        if (options.OvsDatabase.Any(char.IsControl) || !options.OvsDatabase.Contains(':', StringComparison.Ordinal))
        {
            faults.Add($"--ovs_db: '{options.OvsDatabase}' is no OVSDB connection, as in {OvsAccess.UsualDatabase}.");
        }

        if (options.KeepGuests && options.Mode != AgentMode.CleanUp)
        {
            faults.Add("--keep-guests: is a part of --cleanup, which was not given.");
        }

        if (options.MetricsFile is { } file && !Path.IsPathFullyQualified(file))
        {
            faults.Add($"--metrics: '{file}' is not a full path.");
        }

        if (options.PublicInterface is { } link && !(Names.IsLink(link) && link.Length <= Outside.LongestLink))
        {
            faults.Add($"--public_interface: '{link}' is no link for floating IPs: {Names.LinkAccepts}, and at most "
                + $"{Outside.LongestLink} of them.");
        }

        if (options.RoutingSourceIp is { } source && !Ip4Address.TryParse(source, out _))
        {
            faults.Add($"--routing_source_ip: '{source}' is not {Ip4Address.Accepts}.");
        }

        faults.AddRange(options.Gateways.Where(g => !IPEndPoint.TryParse(g, out IPEndPoint? e) || e.Port == 0)
            .Select(g => $"--gateway: '{g}' is no gateway: an address and a port, as in 127.0.0.1:30000."));
        if (options.Cluster is null && options.Gateways.Count == 0)
        {
            faults.Add("--gateway: at least one is needed where there is no --cluster.");
        }

        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
