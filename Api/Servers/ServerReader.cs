using NovaOrleans.Instances;
using NovaOrleans.Ledger;
using NovaOrleans.Networks;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Servers;

/// <summary>An instance with what its addresses are shown from.</summary>
internal sealed record ServerDetails(
    InstanceView Instance, IReadOnlyList<VnicView> Vnics, IReadOnlyDictionary<NetworkId, string> Labels,
    IReadOnlyList<InstanceGroup> Groups);

/// <summary>Reads instances and, in one question for all of them, their VNICs.</summary>
internal sealed class ServerReader(IGrainFactory grains)
{
    private ILedgerQueryGrain Ledger => grains.GetGrain<ILedgerQueryGrain>(0);

    public Task<IReadOnlyList<InstanceView>> Page(ProjectId? project, Page page) => Ledger.Instances(project, page);

    public async Task<IReadOnlyList<ServerDetails>> Of(IReadOnlyList<InstanceView> instances)
    {
        List<VnicId> wanted = [.. instances.SelectMany(i => i.Vnics)];
        IReadOnlyList<VnicView> vnics = wanted.Count == 0 ? [] : await Ledger.VnicsById(wanted);
        Dictionary<VnicId, VnicView> byId = vnics.DistinctBy(v => v.Id).ToDictionary(v => v.Id);
        IReadOnlyDictionary<NetworkId, string> labels =
            await Labels(vnics.SelectMany(v => v.Ports).Select(p => p.Network));
        ILookup<InstanceId, InstanceGroup> groups = (await Ledger.GroupsOfInstances([.. instances.Select(i => i.Id)]))
            .ToLookup(g => g.Instance);
        return [.. instances.Select(i => new ServerDetails(
            i, [.. i.Vnics.Where(byId.ContainsKey).Select(v => byId[v])], labels, [.. groups[i.Id]]))];
    }

    /// <summary>Another project's instance is as unknown as one that never was.</summary>
    public async Task<Outcome<InstanceView>> Find(ApiRequest request)
    {
        string asked = request.Route("id");
        Refusal unknown = Refusal.NotFound(RefusalCode.InstanceNotFound, "instance", asked);
        if (!Guid.TryParseExact(asked, "D", out Guid id))
        {
            return unknown;
        }

        Outcome<InstanceView> found = await grains.GetGrain<IInstanceGrain>(id).Describe();
        if (!found.Try(out InstanceView? instance, out _))
        {
            return found;
        }

        bool hidden = instance.Status == InstanceStatus.Deleted
            || (request.Scope is { } scope && instance.Project != scope);
        return hidden ? unknown : instance;
    }

    private async Task<IReadOnlyDictionary<NetworkId, string>> Labels(IEnumerable<NetworkId> networks)
    {
        List<NetworkId> distinct = [.. networks.Distinct()];
        Outcome<NetworkView>[] views = await Task.WhenAll(
            distinct.Select(n => grains.GetGrain<INetworkGrain>(n.Value).Describe()));
        return distinct.Zip(views).ToDictionary(
            pair => pair.First,
            pair => pair.Second.Try(out NetworkView? view, out _) ? view.Label : pair.First.ToString());
    }
}
