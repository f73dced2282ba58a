using NovaOrleans.Api.Routes;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Projects;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Cloud;

/// <summary>
/// What it takes to change a project's network service, as it is now: what is of other services, what stands in the way, which live
/// hosts lack the new one, and the commands that do it, in their order. Pure.
/// </summary>
internal sealed record ServiceSwitch(
    ProjectView Project,
    INetworkService To,
    IReadOnlyList<NetworkView> Networks,
    IReadOnlyList<VnicView> Vnics,
    IReadOnlyList<PortView> EmptyPorts,
    IReadOnlyList<InstanceView> Instances)
{
    /// <summary>Whether the project can have VNICs of the new service as it is: it has, or may use, a network of it.</summary>
    public bool HasNetwork { get; init; }

    /// <summary>Live hosts, and those of them without the new service.</summary>
    public IReadOnlyList<HostView> Hosts { get; init; } = [];

    /// <summary>All routes of this server: what a service that is not of the core calls its things.</summary>
    public IReadOnlyList<ApiRoute> Routes { get; init; } = [];

    public IEnumerable<HostView> Lacking => Hosts.Where(h => h.Hello?.Services.ContainsKey(To.Path.Value) != true);

    /// <summary>VNICs of instances: they keep their service until they are deleted, so that a change without them must be meant.</summary>
    public IEnumerable<VnicView> InTheWay => Vnics.Where(v => v.Instance is not null);

    /// <summary>A command or a request a line, and why.</summary>
    public IEnumerable<(string Command, string Why)> Steps()
    {
        foreach (InstanceView instance in Instances)
        {
            yield return (
                $"nova-manage server delete {instance.Id}",
                $"{instance.Name} has VNICs of {string.Join(", ", ServicesOf(instance))}; it is launched again below");
        }

        foreach (VnicView vnic in Vnics.Where(v => v.Instance is null))
        {
            yield return Deletion(vnic.Service, "ethernet_cards", "card", vnic.Id.Value, "no launch under the new service takes it");
        }

        foreach (PortView port in EmptyPorts)
        {
            ServicePath service = Networks.First(n => n.Id == port.Network).Service;
            yield return (
                Serves(service, HttpMethod.Delete, "networks/{id}/ports/{port}") is not null
                    ? $"DELETE /v1.1/{service.ShortName}/networks/{port.Network}/ports/{port.Id}"
                    : Requests(service, HttpMethod.Delete),
                $"port {port.Id} is nobody's, and a network is not deleted while a port in it is held");
        }

        foreach (NetworkView network in Networks)
        {
            yield return Deletion(
                network.Service, "networks", "network", network.Id.Value, "leave it out to go back to it: it stays the project's");
        }

        yield return ($"nova-manage project network_set {Project.Id} {To.Path}", "the change itself");
        if (!HasNetwork)
        {
            yield return Serves(To.Path, HttpMethod.Post, "networks") is not null
                ? ($"nova-manage {To.Name} network create LABEL --cidr CIDR --project {Project.Id}", "the project has none of it")
                : (Requests(To.Path, HttpMethod.Post), "the service's own routes make what its launches need");
        }

        foreach (InstanceView instance in Instances)
        {
            yield return (
                $"nova-manage server create {instance.Name} --project {Project.Id}",
                "a new VNIC and another address; make a VNIC before, and give --vnic, for a chosen one");
        }
    }

    private IEnumerable<string> ServicesOf(InstanceView instance) =>
        Vnics.Where(v => v.Instance == instance.Id).Select(v => v.Service.Value).Distinct();

    /// <summary>nova-manage's verbs speak the routes that the built-in services share; others have their own.</summary>
    private (string Command, string Why) Deletion(ServicePath service, string collection, string noun, Guid id, string why) =>
        Serves(service, HttpMethod.Delete, collection + "/{id}") is not null
            ? ($"nova-manage {service.ShortName} {noun} delete {id}", why)
            : Routes.Any(r => r.Service?.Path == service)
                ? (Requests(service, HttpMethod.Delete), $"{id}: {why}")
                : ($"DELETE /v1.1/orphans/{id}", $"{service} is not installed; {why}");

    private ApiRoute? Serves(ServicePath service, HttpMethod method, string pattern) => Routes.FirstOrDefault(
        r => r.Service?.Path == service && r.Method == method && r.Pattern == $"/v1.1/{service.ShortName}/{pattern}");

    private string Requests(ServicePath service, HttpMethod method)
    {
        string[] own =
        [
            .. Routes.Where(r => r.Service?.Path == service && r.Method == method && !r.IsAlias
                && r.Pattern.StartsWith("/v1.1/", StringComparison.Ordinal)).Select(r => r.Pattern),
        ];
        return own.Length == 0 ? $"{service} has no route that does it" : $"{method} {string.Join(" or ", own)}";
    }
}
