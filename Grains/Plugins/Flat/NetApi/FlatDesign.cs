using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.Flat;

/// <summary>
/// A bridge and an interfaces file, nothing else. A gateway is somebody's router outside of us, so that guests are
/// told of one only where one is given; .1 stays free for it either way.
/// </summary>
internal static class FlatDesign
{
    public static NetworkDesign Of(FlatOptions options) => new()
    {
        Injected = true,
        HostIsGateway = false,
        HasVlan = false,
        FirstAddress = 2,
        Defaults = options.Networks,
    };
}
