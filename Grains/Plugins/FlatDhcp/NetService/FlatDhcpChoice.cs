using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.FlatDhcp;

/// <summary>A project without a network of its own shares the flat ones with every other.</summary>
internal static class FlatDhcpChoice
{
    public static NetworkChoice Networks { get; } = new(FreeNetworks.Share);
}
