using System.Globalization;
using NovaOrleans.FloatingIps;
using NovaOrleans.Ledger;

namespace NovaOrleans.Api.FloatingIps;

/// <summary>Finds a project's floating IP by what nova's clients call it: the row's number, the address, or the id.</summary>
internal sealed class FloatingIpDirectory(IGrainFactory grains)
{
    public async Task<Outcome<FloatingIpView>> Find(ProjectId project, string asked)
    {
        FloatingIpFilter? filter =
            long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out long row) ? new() { RowId = row }
            : Ip4Address.TryParse(asked, out Ip4Address address) ? new() { Address = address }
            : Guid.TryParseExact(asked, "D", out Guid id) ? new() { Id = new FloatingIpId(id) }
            : null;
        return filter is not null
            && await grains.GetGrain<ILedgerQueryGrain>(0).FloatingIps(filter with { Project = project }, new Page(1)) is [{ } found, ..]
                ? found
                : Refusal.NotFound(RefusalCode.FloatingIpNotFound, "floating IP", BodyText.Shown(asked));
    }
}
