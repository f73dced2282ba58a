using NovaOrleans.Api.Routes;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.Ledger;
using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Projects;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Cloud;

/// <summary>Gathers what a change of a project's network service is about, and writes it. Changes nothing.</summary>
internal sealed class ServiceSwitchReader(IGrainFactory grains)
{
    private ILedgerQueryGrain Query => grains.GetGrain<ILedgerQueryGrain>(0);

    public async Task<ServiceSwitch> Read(ProjectView project, INetworkService to, ApiRouteTable routes)
    {
        Task<IReadOnlyList<VnicView>> vnics = Query.VnicsOfOthers([to.Path], project.Id, new Page());
        Task<IReadOnlyList<NetworkView>> networks = Query.NetworksOfOthers([to.Path], project.Id, new Page());
        Task<IReadOnlyList<NetworkView>> usable = Query.Networks(to.Path, project.Id, new Page(Limit: 1));
        Task<IReadOnlyList<InstanceView>> instances = Query.Instances(project.Id, new Page());
        IReadOnlyList<HostView> hosts = await grains.GetGrain<ISchedulerGrain>(0).List();
        IReadOnlyList<PortView>[] ports =
            await Task.WhenAll((await networks).Select(n => Query.Ports(n.Id, new Page())));
        HashSet<InstanceId?> kept = [.. (await vnics).Select(v => v.Instance)];
        return new ServiceSwitch(
            project, to, await networks, await vnics,
            [.. ports.SelectMany(p => p).Where(p => p.Vnic is null && p.IsAllocated && p.Project == project.Id)],
            [.. (await instances).Where(i => kept.Contains(i.Id))])
        {
            HasNetwork = (await usable).Count > 0,
            Hosts = [.. hosts.Where(h => h.Status == HostStatus.Live)],
            Routes = routes.Routes,
        };
    }

    public static void Write(ResourceWriter w, ServiceSwitch change)
    {
        w.BeginRoot("plan");
        w.Field("project", change.Project.Id.Value);
        w.Field("from", change.Project.Effective.Value);
        w.Field("to", change.To.Path.Value);
        w.Field("in_the_way", change.InTheWay.Count());
        WriteList(w, "keeping", "vnic", change.Vnics, vnic =>
        {
            w.Field("id", vnic.Id.Value);
            w.Field("mac_address", vnic.Mac.ToString());
            w.Field("network_service", vnic.Service.Value);
            w.Field("instance_id", vnic.Instance?.Value);
            w.Field("host", vnic.Host?.Value);
        });
        WriteList(w, "networks", "network", change.Networks, network =>
        {
            w.Field("id", network.Id.Value);
            w.Field("label", network.Label);
            w.Field("network_service", network.Service.Value);
            w.Field("cidr", network.Subnet4?.Cidr.ToString());
        });
        WriteList(w, "ports", "port", change.EmptyPorts, port =>
        {
            w.Field("id", port.Id.Value);
            w.Field("network_id", port.Network.Value);
            w.Field("address", port.Address?.ToString());
        });
        WriteList(w, "instances", "instance", change.Instances, instance =>
        {
            w.Field("id", instance.Id.Value);
            w.Field("name", instance.Name);
            w.Field("host", instance.Host?.Value);
        });
        WriteList(w, "hosts_lacking", "host", [.. change.Lacking], host =>
        {
            w.Field("name", host.Name.Value);
            w.Field("lacks", change.To.Path.Value);
        });
        WriteList(w, "steps", "step", [.. change.Steps()], step =>
        {
            w.Field("command", step.Command);
            w.Field("why", step.Why);
        });
        w.EndRoot();
    }

    private static void WriteList<T>(ResourceWriter w, string list, string item, IReadOnlyList<T> items, Action<T> write)
    {
        w.BeginList(list, item);
        foreach (T one in items)
        {
            w.BeginItem();
            write(one);
            w.EndItem();
        }

        w.EndList();
    }
}
