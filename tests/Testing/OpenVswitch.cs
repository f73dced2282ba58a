using System.Diagnostics;

namespace NovaOrleans.Testing;

/// <summary>
/// Open vSwitch of a test's own: database and switch in a folder of their own, working in one network namespace, with
/// the userspace datapath. Both daemons end with it.
/// </summary>
public sealed class OpenVswitch : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nova-ovs-").FullName;
    private readonly List<Process> _daemons = [];
    private readonly string _space;

    private OpenVswitch(string space) => _space = space;

    /// <summary>As ovs-vsctl's <c>--db</c> takes it.</summary>
    public string Database => $"unix:{_folder}/db.sock";

    public static async Task<OpenVswitch> Start(string space)
    {
        OpenVswitch ovs = new(space);
        await Netns.Tool("ovsdb-tool", "create", $"{ovs._folder}/conf.db", "/usr/share/openvswitch/vswitch.ovsschema");
        ovs.Daemon("ovsdb-server", $"{ovs._folder}/conf.db", $"--remote=p{ovs.Database}");
        await Poll.Until(() => File.Exists($"{ovs._folder}/db.sock"), "ovsdb-server listens");
        await ovs.Ctl("--no-wait", "init");
        ovs.StartSwitch();
        return ovs;
    }

    public Task<string> Ctl(params string[] arguments) => Netns.Tool("ovs-vsctl", [$"--db={Database}", "--timeout=5", .. arguments]);

    public void StartSwitch() => Daemon("ovs-vswitchd", Database);

    /// <summary>The switch dies; the database lives.</summary>
    public async Task KillSwitch()
    {
        Process daemon = _daemons[^1];
        daemon.Kill();
        await daemon.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process daemon in _daemons)
        {
            daemon.Kill();
            await daemon.WaitForExitAsync();
            daemon.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private void Daemon(string program, params string[] arguments)
    {
        // `ip netns exec` becomes the program: the process is the daemon itself, and ends with this object.
        ProcessStartInfo start = new("ip",
        [
            "netns", "exec", _space, program, .. arguments, $"--pidfile={_folder}/{program}.pid", "--overwrite-pidfile", "-vconsole:off",
            "-vsyslog:off",
        ]);
        foreach (string variable in new[] { "OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR" })
        {
            start.Environment[variable] = _folder;
        }

        _daemons.Add(Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start"));
    }
}
