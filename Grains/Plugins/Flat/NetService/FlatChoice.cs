using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.Flat;

/// <summary>A project without a network of its own shares the flat ones with every other.</summary>
internal static class FlatChoice
{
    public static NetworkChoice Networks { get; } = new(FreeNetworks.Share);
}
