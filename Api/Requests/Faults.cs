namespace NovaOrleans.Api.Requests;

/// <summary>How a fault looks from outside: its element's name, HTTP status, number and general explanation.</summary>
public readonly record struct Fault(string Name, int Status, int Code, string Detail);

/// <summary>
/// The only place where a refusal's code becomes an HTTP status. The number is Quantum 1.0's where it had one, and the
/// status otherwise (rows R26): its own statuses of 420 to 471 are no HTTP that a proxy would know, so the status is a
/// modern one.
/// </summary>
public static class Faults
{
    /// <summary>Quantum's 471, for a bug in a network service's route.</summary>
    public static Fault PluginFault { get; } = new("pluginFault", 500, 471, "The network service failed.");

    /// <summary>A bug anywhere else.</summary>
    public static Fault ComputeFault { get; } = new("computeFault", 500, 500, "The server failed.");

    public static Fault Of(RefusalCode code)
    {
        (int status, int number, string detail) = Row(code);
        string name = code.ToString();
        return new Fault(char.ToLowerInvariant(name[0]) + name[1..], status, number, detail);
    }

    private static (int Status, int Number, string Detail) Row(RefusalCode code) => code switch
    {
        RefusalCode.MalformedRequest => (400, 400, "The request cannot be read as it is."),
        RefusalCode.Unauthorized => (401, 401, "The request needs a known token."),
        RefusalCode.Forbidden => (403, 403, "The project may not do this here."),
        RefusalCode.NetworkNotFound => (404, 420, "There is no such network."),
        RefusalCode.NetworkInUse => (409, 421, "Ports of the network are in use."),
        RefusalCode.PortNotFound => (404, 430, "There is no such port in the network."),
        RefusalCode.RequestedStateInvalid => (409, 431, "The state is none, or cannot follow the present one."),
        RefusalCode.PortInUse => (409, 432, "A virtual NIC is plugged into the port."),
        RefusalCode.AlreadyAttached => (409, 440, "The port holds another NIC, or the NIC another port or instance."),
        RefusalCode.VnicNotFound => (404, 404, "There is no such virtual NIC."),
        RefusalCode.VnicInUse => (409, 409, "The virtual NIC belongs to an instance."),
        RefusalCode.InstanceNotFound => (404, 404, "There is no such instance."),
        RefusalCode.ProjectNotFound => (404, 404, "There is no such project."),
        RefusalCode.HostNotFound => (404, 404, "There is no such compute host."),
        RefusalCode.NoHostAvailable => (409, 409, "No live compute host can take the instance."),
        RefusalCode.NoMoreAddresses => (409, 409, "The network's fixed IPs are used up."),
        RefusalCode.NoMoreNetworks => (409, 409, "No network is left for the project."),
        RefusalCode.AddressUnavailable => (409, 409, "The address is held, reserved or never handed out."),
        RefusalCode.MacInUse => (409, 409, "Another ethernet card has this MAC address."),
        RefusalCode.CidrConflict => (409, 409, "The address range overlaps one in use."),
        RefusalCode.VlanConflict => (409, 409, "The VLAN id is in use."),
        RefusalCode.KeyReused => (409, 409, "The Idempotency-Key was used with another request."),
        RefusalCode.Conflict => (409, 409, "Another object has this id, name or link."),
        RefusalCode.NetworkClosing => (409, 409, "The network is being deleted."),
        RefusalCode.NoSuchNetworkService => (400, 400, "The network service is not installed or not listed."),
        RefusalCode.QuotaExceeded => (413, 413, "The project's quota is used up."),
        RefusalCode.Stale => (409, 409, "Somebody else changed it in between; read it again."),
        RefusalCode.NotImplemented => (501, 501, "The network service has no such thing."),
        RefusalCode.ServiceUnavailable => (503, 470, "The service cannot answer now; repeat the request."),
        RefusalCode.NotFound => (404, 404, "There is no such route."),
        RefusalCode.TooLarge => (413, 413, "The body is larger than the server reads."),
        RefusalCode.UnsupportedMediaType => (415, 415, "Bodies are JSON or XML."),
        RefusalCode.MethodNotAllowed => (405, 405, "The route has no such method."),
        RefusalCode.FlavorNotFound => (404, 404, "There is no such flavor."),
        RefusalCode.ImageNotFound => (404, 404, "There is no such image."),
        RefusalCode.SecurityGroupNotFound => (404, 404, "There is no such security group."),
        RefusalCode.SecurityRuleNotFound => (404, 404, "There is no such security group rule."),
        RefusalCode.SecurityGroupInUse => (409, 409, "Instances are in the group, or rules name it."),
        RefusalCode.FloatingIpNotFound => (404, 404, "There is no such floating IP."),
        RefusalCode.FloatingIpInUse => (409, 409, "The floating IP is associated or allocated."),
        RefusalCode.NoMoreFloatingIps => (409, 409, "No floating IP is left in the pool."),
        RefusalCode.TokenNotFound => (404, 404, "There is no such token."),
        RefusalCode.TooManyRequests => (429, 429, "The token's requests come too fast."),
        RefusalCode.NetworkServiceFailed => (500, 471, "The network service failed."),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "A refusal code without a row here."),
    };
}
