namespace NovaOrleans.Benchmarks.Fleet;

/// <summary>
/// How big the fleet is. Every VNIC is a row with its address; of each host so many are bound, as instances' NICs, by the core's own
/// steps, which take longer than making VNICs does.
/// </summary>
internal sealed record FleetPlan(int Vnics, int Networks, int Hosts, int InstancesOfHost, int NicsOfInstance)
{
    public static readonly FleetPlan Whole = new(1_000_000, 2_000, 5_000, 1, 8);

    /// <summary>A tenth of everything that there are many of.</summary>
    public static readonly FleetPlan Tenth = new(100_000, 200, 500, 1, 8);

    public int VnicsOfNetwork => Vnics / Networks;

    public int Instances => Hosts * InstancesOfHost;

    public int Bound => Instances * NicsOfInstance;
}
