using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Demo;

/// <summary>
/// A cluster that <c>./nova cluster up</c> made, and that stays when the play is over. All instances run on its first host, so that
/// every packet of theirs can be looked at there; users come to all facades in turn.
/// </summary>
internal sealed class ClusterStage(Narrator narrator, NovaCluster cluster, bool packets) : Stage(packets)
{
    public override string HostName => ClusterPlan.HostOf(0);

    public override string Space => cluster.Plan.Spaces.Count > 0 ? cluster.Plan.Spaces[0] : "";

    public override string DataFolder => cluster.Folder;

    public override string AgentFolder => cluster.StateOf(0);

    public override int AgentId => cluster.Agents[0].Id;

    public IReadOnlyList<ClusterProcess> Silos => cluster.Silos;

    public static ClusterStage Of(Narrator narrator, string folder, bool packets)
    {
        NovaCluster cluster = ClusterFolder.IsOne(folder)
            ? ClusterFolder.Read(folder)
            : throw new DemoFault($"there is no cluster in {folder}: ./nova cluster up makes one");
        return cluster.Agents.Count > 0
            ? new ClusterStage(narrator, cluster, packets && cluster.Plan.Spaces.Count > 0)
            : throw new DemoFault($"the cluster of {folder} has no compute host");
    }

    public override async Task SetUp(Narrator told, CancellationToken stop)
    {
        told.Act($"A cluster: {cluster.Silos.Count} silos, {cluster.Facades.Count} facades, {cluster.Agents.Count} compute hosts");
        await told.Step("all of its processes run", () =>
        {
            string[] ended = [.. cluster.Processes.Where(p => !p.IsRunning).Select(p => p.Name)];
            return ended.Length == 0 ? Task.CompletedTask : throw new DemoFault(
                $"{string.Join(", ", ended)} of {cluster.Folder} does not run: ./nova cluster up starts it");
        });
        Cloud = new Cloud([.. Enumerable.Range(0, cluster.Facades.Count).Select(cluster.Address)], cluster.Token);
        await told.Step($"the agent of {HostName} has its session and the host is live", () => UntilHostIsVerified(0, stop));
    }

    public override Task StartAgent() => cluster.Agents[0].Start();

    public override Task KillAgent() => cluster.Agents[0].Kill();

    public override async ValueTask DisposeAsync()
    {
        if (narrator.Failed > 0)
        {
            narrator.Say($"\nlast lines of the logs in {cluster.Folder}:\n{cluster.Logs()}");
        }

        Cloud?.Dispose();
        await cluster.DisposeAsync();
    }
}
