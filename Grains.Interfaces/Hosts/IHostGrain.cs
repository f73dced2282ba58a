using NovaOrleans.Instances;

namespace NovaOrleans.Hosts;

/// <summary>
/// One compute host: the durable log of its bindings, numbered by revision, and the only writer of them. An agent
/// subscribes to bind and teardown records by renewing; nothing depends on a pushed record arriving. Key: the host's name.
/// </summary>
[Alias("nova.IHostGrain")]
public interface IHostGrain : IGrainWithStringKey
{
    /// <summary>Opens a session: a new epoch, which ends the one before. Its first renewal is answered by a snapshot.</summary>
    [Alias("OpenSession")]
    Task<HostSession> OpenSession(HostHello hello);

    /// <summary>
    /// Heartbeat and gap detector in one, every 3 to 5 s: gives the records after <see cref="RenewHost.Since"/>, or a
    /// snapshot where the log no longer reaches back so far, and keeps <paramref name="observer"/> as the place to push to.
    /// Refused as <c>Stale</c> for another epoch than the newest: the agent opens a new session.
    /// </summary>
    [Alias("Renew")]
    Task<Outcome<HostRecords>> Renew(RenewHost command, IHostObserver? observer);

    /// <summary>
    /// What was applied and read back. Results with an old generation, and reports of an old epoch, are ignored and counted.
    /// </summary>
    [Alias("Report")]
    Task<Outcome> Report(HostReport report);

    /// <summary>
    /// Whether the host has read back that the VNIC, as it was last told of it, does not have this address; also where nothing of
    /// the VNIC is left. A VNIC that the host was not told of yet may still be on its way to it.
    /// </summary>
    [Alias("HasLetGo")]
    Task<bool> HasLetGo(VnicId vnic, string? address);

    /// <summary>
    /// Which leases the host's DHCP servers have given to its VNICs. Those of an old generation, and reports of an old epoch, are
    /// ignored and counted.
    /// </summary>
    [Alias("ReportLeases")]
    Task<Outcome> ReportLeases(HostLeases report);

    /// <summary>Adds the instance's bindings in one commit and answers with the revision; the same again answers the same.</summary>
    [Alias("Bind")]
    Task<Outcome<long>> Bind(InstanceSpec instance, IReadOnlyList<HostBinding> bindings);

    /// <summary>
    /// Asks for the teardown of these VNICs of the instance. Those that the host was never told of, or whose newest record is
    /// of a later generation, are gone already and are named in the answer; the others are reported when they are.
    /// </summary>
    [Alias("Teardown")]
    Task<Outcome<TeardownResult>> Teardown(InstanceId instance, IReadOnlyList<VnicGeneration> vnics);

    /// <summary>The net-agent's <c>bind_vnics_to_ports</c>, forwarded to the plug-in.</summary>
    [Alias("BindVnicsToPorts")]
    Task<Outcome> BindVnicsToPorts(long epoch, IReadOnlyList<VnicId> vnics);

    /// <summary>
    /// The operator's word that the host is dead: its bindings are released and its session ends. If it returns it is told
    /// an empty snapshot and wipes its ports; it cannot free an address that another VM has by then.
    /// </summary>
    [Alias("Fence")]
    Task<Outcome<FenceResult>> Fence(string actor);

    /// <summary>
    /// A hint that rows changed: all that a host is told is a function of rows, so it reads them again and appends what differs
    /// to its log. It answers before it has looked. A hint that is lost costs time only, for the host looks by itself too.
    /// </summary>
    [Alias("LookAgain")]
    Task LookAgain(HostNews news);

    [Alias("Describe"), Repeatable]
    Task<HostView> Describe();

    /// <summary>All that the host is to be, read only: for <c>--plan</c> and <c>--observe</c>, which open no session.</summary>
    [Alias("Snapshot"), Repeatable]
    Task<HostRecords> Snapshot();
}

/// <summary>The agent's ear. Calls are one-way and may be lost or reordered: only revision last+1 is taken, else it renews.</summary>
[Alias("nova.IHostObserver")]
public interface IHostObserver : IGrainObserver
{
    [Alias("Pushed"), Orleans.Concurrency.OneWay]
    Task Pushed(HostRecord record);
}
