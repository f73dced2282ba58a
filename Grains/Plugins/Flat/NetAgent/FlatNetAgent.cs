using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.Flat;

/// <summary>
/// The host joins ports to the bridge and guards them; it has no address there and gives no leases. The guest learns
/// its address from its interfaces file.
/// </summary>
internal sealed class FlatNetAgent(IHostLink link) : KitNetAgent(link)
{
    public override bool RequiresFileInjection(HostBinding binding) => binding.Network is { Injected: true };
}
