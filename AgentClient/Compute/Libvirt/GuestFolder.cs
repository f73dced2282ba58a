namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>
/// A folder an instance: its console's log, its disk, what it is booted with, and whether it was started. The
/// hypervisor runs as a user of its own, which must get there.
/// </summary>
internal sealed class GuestFolder(string root, InstanceId instance)
{
    private readonly string _path = System.IO.Path.Join(root, instance.ToString());

    public string Console => Place("console.log");
    public string Initrd => Place("initrd");
    public string Disk => Place("disk.qcow2");
    public string Drive => Place("drive.iso");
    public string DriveContent => Place("drive");

    private string Started => Place("started");

    /// <summary>
    /// In this boot of the machine, and not ended since: one that then does not run has ended by itself.
    /// </summary>
    public bool WasStarted => File.Exists(Started) && File.ReadAllText(Started) == MachineBoot.Id;

    public static IEnumerable<InstanceId> All(string root)
    {
        foreach (string place in Directory.Exists(root) ? Directory.GetDirectories(root) : [])
        {
            if (Guid.TryParse(System.IO.Path.GetFileName(place), out Guid id))
            {
                yield return new InstanceId(id);
            }
        }
    }

    public void Make()
    {
        Directory.CreateDirectory(_path);
        // It is there before libvirt is: whoever writes it, the agent can read it.
        using FileStream console = new(Console, FileMode.OpenOrCreate);
    }

    public void MarkStarted()
    {
        if (Directory.Exists(_path) && !WasStarted)
        {
            File.WriteAllText(Started + ".new", MachineBoot.Id);
            File.Move(Started + ".new", Started, overwrite: true);
        }
    }

    public void MarkEnded()
    {
        if (File.Exists(Started))
        {
            File.Delete(Started);
        }
    }

    public void Delete()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private string Place(string file) => System.IO.Path.Join(_path, file);
}
