using NovaOrleans.Http;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>What a list of cards or ports is narrowed to by its query: fields that they are shown with, all of which must fit.</summary>
internal static class ListFilters
{
    /// <summary>As the OpenAPI document has it, with the page's.</summary>
    public static IReadOnlyList<string> OfCards { get; } =
        [.. PageQuery.Names, "host", "instance_id", "mac_address", "name", "network_id", "state"];

    /// <inheritdoc cref="OfCards"/>
    public static IReadOnlyList<string> OfPorts { get; } = [.. PageQuery.Names, "address", "attachment", "state"];

    public static Outcome<VnicFilter> ReadCardFilter(this ApiRequest request)
    {
        BodyReader query = request.ReadFilters();
        var filter = new VnicFilter
        {
            Project = request.Scope,
            Name = query.Label("name"),
            Mac = query.Mac("mac_address"),
            Instance = query.Uuid("instance_id") is { } instance ? new InstanceId(instance) : null,
            Host = query.Host("host"),
            Network = query.Uuid("network_id") is { } network ? new NetworkId(network) : null,
            Up = IsUp(query),
        };
        return query.Faulty(out Refusal? refusal) ? refusal : filter;
    }

    public static Outcome<PortFilter> ReadPortFilter(this ApiRequest request, NetworkId network)
    {
        BodyReader query = request.ReadFilters();
        var filter = new PortFilter(network)
        {
            Address = query.Ip4("address"),
            Vnic = query.Uuid("attachment") is { } vnic ? new VnicId(vnic) : null,
            Up = IsUp(query),
        };
        return query.Faulty(out Refusal? refusal) ? refusal : filter;
    }

    private static bool? IsUp(BodyReader query) => PortResource.ReadState(query) is { } state ? state == PortResource.Active : null;
}
