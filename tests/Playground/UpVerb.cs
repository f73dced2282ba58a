using System.Diagnostics;
using System.Globalization;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Playground;

/// <summary><c>up</c>: makes the cluster at first; afterwards starts whatever of it does not run.</summary>
internal sealed class UpVerb(string folder)
{
    public async Task<int> Run(int silos, int facades, int hosts, bool fake)
    {
        bool packets = !fake && Environment.IsPrivilegedProcess && OperatingSystem.IsLinux();
        bool resumes = ClusterFolder.IsOne(folder);
        if (!resumes && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new InvalidOperationException($"{folder} is not empty and holds no cluster: give another --dir, or empty it.");
        }

        await using NovaCluster cluster = resumes ? ClusterFolder.Read(folder) : ClusterFolder.Create(folder, new ClusterPlan
        {
            Silos = silos,
            Facades = facades,
            Agents = hosts,
            Spaces = packets ? HostSpaces.NamesFor(hosts) : [],
            AgentOptions = ["--public_interface", packets ? HostSpaces.Public : "eth0"],
            FacadeOptions = ["--default_project", "demo"],
        });
        if (resumes && cluster.Processes.All(p => p.IsRunning))
        {
            Console.WriteLine($"The cluster of {folder} is up already.");
            return await new StatusVerb(folder).Run();
        }

        if (resumes)
        {
            Console.WriteLine($"Going on with the cluster of {folder}: {cluster.Silos.Count} silos, {cluster.Facades.Count} facades, "
                + $"{cluster.Agents.Count} hosts.");
        }

        await HostSpaces.Make(cluster.Plan.Spaces);
        await Start(cluster);
        ClusterHttp.Answer made = await cluster.Http.Post("/v1.1/projects", """{"project":{"id":"demo"}}""");
        if ((int)made.Status >= 300)
        {
            throw new InvalidOperationException($"the project demo could not be made: {made}");
        }

        Console.WriteLine();
        await new StatusVerb(folder).Run();
        Next(cluster);
        return 0;
    }

    private static async Task Start(NovaCluster cluster)
    {
        long begun = Stopwatch.GetTimestamp();
        await cluster.BringUp(name =>
        {
            string seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            Console.WriteLine($"  ✓ {What(name),-60} {seconds,6} s");
            begun = Stopwatch.GetTimestamp();
        });
    }

    private static string What(string name) => name switch
    {
        "postgres" => "postgres: membership, settings and the ledger",
        "schema" => "the schema is up to date",
        _ when name.StartsWith("silo", StringComparison.Ordinal) => $"{name} has joined",
        _ when name.StartsWith("facade", StringComparison.Ordinal) => $"{name} answers",
        _ => $"{name} is live",
    };

    private void Next(NovaCluster cluster)
    {
        bool packets = cluster.Plan.Spaces.Count > 0;
        Console.WriteLine(packets
            ? $"Each host is a network namespace; they share the wire {HostSpaces.Wire}, and by {HostSpaces.Public} reach an outside."
            : "The compute hosts are in memory (no root, or --fake), with links eth0 and eth1: everything is decided and "
                + "reported, and no packet flows.");
        string wire = packets ? HostSpaces.Wire : "eth1";
        string ping = packets
            ? $"ip netns exec {HostSpaces.OutsideOf(cluster.Plan.Spaces)} ping -c 3 203.0.113.17"
            : "./nova manage flat_dhcp floating allocated";
        Console.WriteLine($"""

            Try, in this terminal (the first line makes ./nova manage speak to this cluster):

              export NOVA_URL={cluster.Address(0).ToString().TrimEnd('/')} NOVA_DATA={folder}
              ./nova manage project network_set demo flat_dhcp
              ./nova manage flat_dhcp network create blue --cidr 10.20.0.0/24 --bridge_interface {wire}
              ./nova manage server create web1
              ./nova manage host list

            A floating IP, which the outside reaches where the group lets it in:

              ./nova manage flat_dhcp floating create {HostSpaces.FloatingRange}
              ./nova manage flat_dhcp floating allocate
              ./nova manage flat_dhcp floating associate 203.0.113.17 10.20.0.2
              ./nova manage security_group allow default icmp
              {ping}

            And then what a cluster is for:

              kill -9 {cluster.Silos[0].Id}                  # a silo; the next call is slower, and answered
              ./nova manage server create web2
              ./nova cluster up                 # starts what does not run
              ./nova demo --cluster {folder}
              ./nova cluster status
              ./nova cluster down

            """);
    }
}
