using NovaOrleans.FloatingIps;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Tokens;
using NovaOrleans.Vnics;
using Orleans.Concurrency;

namespace NovaOrleans.Queries;

/// <summary>See <see cref="ILedgerQueryGrain"/>. It has no state: each silo answers from the rows.</summary>
[StatelessWorker]
public sealed class LedgerQueryGrain(ILedger ledger, RecordText text) : Grain, ILedgerQueryGrain
{
    public async Task<IReadOnlyList<NetworkView>> Networks(ServicePath service, ProjectId? project, Page page) =>
        await ledger.Read(s => NetworkQueries.List(s, service, project, page));

    public async Task<IReadOnlyList<VnicView>> Vnics(ServicePath service, ProjectId? project, Page page) =>
        await ledger.Read(s => VnicQueries.List(s, service, new VnicFilter { Project = project }, page));

    public async Task<IReadOnlyList<VnicView>> FilteredVnics(ServicePath service, VnicFilter filter, Page page) =>
        await ledger.Read(s => VnicQueries.List(s, service, filter, page));

    public async Task<IReadOnlyList<VnicView>> VnicsById(IReadOnlyList<VnicId> vnics) =>
        await ledger.Read(s => VnicQueries.ById(s, vnics));

    public Task<VnicOwner?> OwnerOf(VnicId vnic) => ledger.Read(s => VnicQueries.OwnerOf(s, vnic));

    public async Task<IReadOnlyList<VnicView>> VnicsOfOthers(
        IReadOnlyList<ServicePath> services, ProjectId? project, Page page) =>
        await ledger.Read(s => VnicQueries.OfOthers(s, services, project, page));

    public async Task<IReadOnlyList<NetworkView>> NetworksOfOthers(
        IReadOnlyList<ServicePath> services, ProjectId project, Page page) =>
        await ledger.Read(s => NetworkQueries.OfOthers(s, services, project, page));

    public async Task<IReadOnlyList<PortView>> Ports(NetworkId network, Page page) =>
        await ledger.Read(s => PortQueries.List(s, new PortFilter(network), page));

    public async Task<IReadOnlyList<PortView>> FilteredPorts(PortFilter filter, Page page) =>
        await ledger.Read(s => PortQueries.List(s, filter, page));

    public async Task<Outcome<PortView>> Port(NetworkId network, PortId port) =>
        await ledger.Read(s => PortQueries.One(s, network, port)) is { } found
            ? found
            : Refusal.NotFound(RefusalCode.PortNotFound, "port", port);

    public async Task<IReadOnlyList<VnicView>> VnicsWithAddress(ProjectId project, Ip4Address address) =>
        await ledger.Read(s => VnicQueries.WithAddress(s, project, address));

    public async Task<IReadOnlyList<FloatingIpView>> FloatingIps(FloatingIpFilter filter, Page page) =>
        await ledger.Read(s => FloatingIpRows.List(s, filter, page));

    public async Task<IReadOnlyList<string>> FloatingIpPools() => await ledger.Read(FloatingIpRows.Pools);

    public async Task<IReadOnlyList<InstanceView>> Instances(ProjectId? project, Page page) =>
        await ledger.Read(s => InstanceQueries.List(s, project, page));

    public async Task<IReadOnlyList<InstanceView>> InstancesByNumber(ProjectId project, IReadOnlyList<long> numbers) =>
        await ledger.Read(s => InstanceQueries.ByNumber(s, project, numbers));

    public async Task<IReadOnlyList<InstanceGroup>> GroupsOfInstances(IReadOnlyList<InstanceId> instances) =>
        await ledger.Read(s => InstanceQueries.Groups(s, instances));

    public async Task<IReadOnlyList<TokenView>> Tokens(ProjectId? project, Page page) =>
        await ledger.Read(s => TokenRows.List(s, project, page));

    public async Task<TokenView?> IdentifyToken(Guid id, string hash) =>
        await ledger.Read(s => TokenRows.Load(s, id)) is { } state && TokenRules.Knows(state, hash) ? state.View : null;

    public async Task<IReadOnlyList<HistoryView>> History(NetworkId? network, string? address, VnicId? vnic, Page page) =>
        await ledger.Read(s => HistoryQueries.List(s, network, address, vnic, page));

    public async Task<IReadOnlyList<NicStanding>> Standings(IReadOnlyList<VnicId> vnics) =>
        await ledger.Read(s => FlowQueries.Standings(s, text, vnics));

    public async Task<Outcome<FlowView>> Explain(ExplainFlow flow) =>
        (await ledger.Read(s => FlowQueries.Facts(s, text, flow))).Try(out FlowFacts? facts, out Refusal? refusal)
            ? FlowRules.Explain(facts, flow)
            : refusal;

    public Task Ping() => ledger.Read(s => s.QueryOne("select 1 as one", r => r.Long("one")));

    public async Task<AuditView> Audit() => await ledger.Read(s => AuditQueries.Audit(s, text));
}
