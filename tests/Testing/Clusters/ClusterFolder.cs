using System.Text.Json;

namespace NovaOrleans.Testing.Clusters;

/// <summary>
/// A cluster that outlives whoever started it, in one folder: what it consists of (<c>cluster.json</c>), process ids, logs, the
/// admin token, and everybody's data.
/// </summary>
public static class ClusterFolder
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static bool IsOne(string folder) => File.Exists(FileOf(folder));

    /// <summary>The cluster of this folder, whether it runs or not.</summary>
    /// <exception cref="InvalidOperationException">There is none in it.</exception>
    public static NovaCluster Read(string folder) => IsOne(folder)
        ? NovaCluster.In(folder, JsonSerializer.Deserialize<ClusterPlan>(File.ReadAllText(FileOf(folder)), s_json)!)
        : throw new InvalidOperationException($"There is no cluster in {folder}: ./nova cluster up makes one.");

    /// <summary>A new one; nothing of it runs yet.</summary>
    public static NovaCluster Create(string folder, ClusterPlan plan)
    {
        Directory.CreateDirectory(folder);
        NovaCluster cluster = NovaCluster.In(folder, plan);
        File.WriteAllText(FileOf(folder), JsonSerializer.Serialize(cluster.Plan, s_json));
        return cluster;
    }

    private static string FileOf(string folder) => Path.Combine(folder, "cluster.json");
}
