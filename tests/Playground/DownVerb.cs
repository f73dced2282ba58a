using NovaOrleans.Testing;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Playground;

/// <summary>
/// <c>down</c>: ends the recorded processes, if they are still the same ones, in order and otherwise by force; what the agents made
/// goes by the agent's own clean-up, then the hosts' namespaces, then the folder.
/// </summary>
internal sealed class DownVerb(string folder)
{
    public async Task<int> Run(bool keep)
    {
        await using NovaCluster cluster = ClusterFolder.Read(folder);
        await cluster.TakeDown(gracefully: true, name => Console.WriteLine($"  ends {name}"));
        for (int host = 0; host < cluster.Plan.Spaces.Count; host++)
        {
            await CleanUp(cluster, host);
        }

        await HostSpaces.Remove(cluster.Plan.Spaces);
        if (keep)
        {
            Console.WriteLine($"The cluster is down; its data stays in {folder} for the next up.");
            return 0;
        }

        await Poll.Until(Removed, $"{folder} is removed");
        Console.WriteLine($"The cluster is down; nothing of it is left.");
        return 0;
    }

    /// <summary>Guests run in namespaces of their own, which only the agent knows as its own.</summary>
    private static async Task CleanUp(NovaCluster cluster, int host)
    {
        string name = ClusterPlan.HostOf(host);
        await using NovaProcess agent = NovaProcess.Start(
            "AgentClient",
            ["--cleanup", "--host", name, "--state", cluster.StateOf(host), "--netns", cluster.Plan.Spaces[host],
                "--compute", "namespaces", .. NovaServer.Services]);
        (int exit, string output, string errors) = await agent.Ended(TimeSpan.FromMinutes(1));
        Console.WriteLine(exit == 0
            ? $"  {name} is given back"
            : $"  {name} could not be given back by its agent ({exit}): {output}{errors}");
    }

    /// <summary>PostgreSQL's children write until they have noticed that their parent is gone.</summary>
    private bool Removed()
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
