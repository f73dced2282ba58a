
namespace NovaOrleans.Networks;

/// <summary>The network as its grain remembers it: the row, or nothing where there is none or it is deleted.</summary>
public sealed class NetworkState
{
    public NetworkView? View { get; set; }
}
