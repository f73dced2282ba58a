using Microsoft.Extensions.Configuration;
using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// Reads a service's section of the configuration with the same care, and the same sentences, as a request's body.
/// </summary>
public static class ServiceOptions
{
    /// <exception cref="FormatException">A key is unknown or its value is not accepted; all such keys are named.</exception>
    public static T Read<T>(IConfiguration section, Func<BodyReader, T> read)
    {
        var body = new BodyReader(new BodyNode(BodyKind.Object)
        {
            Members = section.GetChildren().ToDictionary(
                c => c.Key, c => new BodyNode(c.Value is null ? BodyKind.Object : BodyKind.Text, c.Value)),
        });
        T options = read(body);
        if (body.Faulty(out Refusal? refusal))
        {
            string where = section is IConfigurationSection named ? named.Path : "configuration";
            string reasons = string.Join(' ', refusal.More.Prepend(refusal).Select(r => r.Reason));
            throw new FormatException($"{where}: {reasons}");
        }

        return options;
    }

    /// <summary>
    /// The keys that every built-in service knows: <c>bridge_interface, mtu, quarantine_seconds, dns1, dns2,
    /// dhcp_domain, dhcp_lease_time</c>.
    /// </summary>
    public static NetworkDefaults Defaults(BodyReader section)
    {
        var none = new NetworkDefaults();
        return new NetworkDefaults(
            section.Link("bridge_interface"),
            NetworkFields.Mtu(section) ?? none.Mtu,
            NetworkFields.QuarantineSeconds(section) ?? none.QuarantineSeconds)
        {
            Dns = NetworkFields.Dns(section) ?? none.Dns,
            DhcpDomain = NetworkFields.DhcpDomain(section) ?? none.DhcpDomain,
            DhcpLeaseTime = NetworkFields.DhcpLeaseTime(section) ?? none.DhcpLeaseTime,
        };
    }
}
