namespace NovaOrleans.Agent.Compute;

/// <summary>
/// An instance is a kernel namespace, and booting it runs a script in it that does what an image's init would. For
/// demos and tests on any Linux. A folder an instance holds what its disk would; it and the guest's processes outlive
/// the agent.
/// </summary>
public sealed class NamespacesDriver(IGuestSpaces spaces, string folder, TimeProvider clock) : IComputeDriver
{
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(10);

    public string Name => "namespaces";

    /// <summary>
    /// The namespace of an instance: the last twelve digits of its id are random in every kind of UUID.
    /// </summary>
    public static string SpaceOf(InstanceId instance) => "nova-" + instance.Value.ToString("N")[^12..];

    public GuestAttachment AttachmentOf(InstanceSpec instance) => new GuestSpace(SpaceOf(instance.Id));

    public async Task Define(InstanceSpec instance, CancellationToken stop)
    {
        DropThoseOfEarlierBoots();
        await spaces.Create(SpaceOf(instance.Id), stop);
        Directory.CreateDirectory(Place(instance.Id));
        await File.WriteAllTextAsync(Place(instance.Id, "init"), Resources.Read("guest-init.sh"), stop);
        await File.WriteAllTextAsync(Place(instance.Id, "lease"), Resources.Read("guest-lease.sh"), stop);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Place(instance.Id, "lease"), (UnixFileMode)0b111_101_101);
        }

        // Last, and at once: from here on it counts as defined.
        await File.WriteAllTextAsync(Place(instance.Id, "boot.new"), MachineBoot.Id, stop);
        File.Move(Place(instance.Id, "boot.new"), Place(instance.Id, "boot"), overwrite: true);
    }

    public async Task Start(InstanceSpec instance, GuestBoot boot, CancellationToken stop)
    {
        if (PidOf(instance.Id) is not null)
        {
            return;
        }

        foreach ((string path, string text) in boot.InjectedFiles)
        {
            string place = Place(instance.Id, "root" + path);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            await File.WriteAllTextAsync(place, text, stop);
        }

        File.Delete(Place(instance.Id, "pid"));
        await spaces.Launch(SpaceOf(instance.Id), Place(instance.Id, "init"), Place(instance.Id), stop);
        await UntilBooted(instance.Id, stop);
        await File.WriteAllTextAsync(Place(instance.Id, "started"), "", stop);
    }

    public async Task Stop(InstanceId instance, CancellationToken stop)
    {
        await spaces.EndAll(SpaceOf(instance), stop);
        File.Delete(Place(instance, "started"));
    }

    public async Task Undefine(InstanceId instance, CancellationToken stop)
    {
        await spaces.Delete(SpaceOf(instance), stop);
        if (Directory.Exists(Place(instance)))
        {
            Directory.Delete(Place(instance), recursive: true);
        }
    }

    public Task<IReadOnlyList<GuestView>> List(CancellationToken stop)
    {
        List<GuestView> guests = [];
        string boot = MachineBoot.Id;
        foreach (InstanceId instance in Folders())
        {
            bool started = File.Exists(Place(instance, "started"));
            bool known = BootOf(instance) == boot && (started || spaces.Exists(SpaceOf(instance)));
            if (known)
            {
                guests.Add(new GuestView(instance, !started ? GuestStatus.Defined
                    : PidOf(instance) is null ? GuestStatus.Lost : GuestStatus.Running));
            }
        }

        return Task.FromResult<IReadOnlyList<GuestView>>(guests);
    }

    private string Place(InstanceId instance) => Path.Combine(folder, instance.ToString());

    private string Place(InstanceId instance, string file) => Path.Join(Place(instance), file);

    private int? PidOf(InstanceId instance) => Processes.Find(Place(instance, "pid"), Place(instance, "init"));

    private IEnumerable<InstanceId> Folders()
    {
        foreach (string place in Directory.Exists(folder) ? Directory.GetDirectories(folder) : [])
        {
            if (Guid.TryParse(Path.GetFileName(place), out Guid id))
            {
                yield return new InstanceId(id);
            }
        }
    }

    /// <summary>After the machine's restart nothing of a guest is left but its folder: it is made anew.</summary>
    private void DropThoseOfEarlierBoots()
    {
        string boot = MachineBoot.Id;
        // One without a boot yet is being defined at this moment.
        foreach (InstanceId instance in Folders().Where(i => BootOf(i) is { Length: > 0 } other && other != boot))
        {
            Directory.Delete(Place(instance), recursive: true);
        }
    }

    private string BootOf(InstanceId instance) =>
        File.Exists(Place(instance, "boot")) ? File.ReadAllText(Place(instance, "boot")).Trim() : "";

    private async Task UntilBooted(InstanceId instance, CancellationToken stop)
    {
        long began = clock.GetTimestamp();
        while (PidOf(instance) is null)
        {
            if (clock.GetElapsedTime(began) > BootLimit)
            {
                throw new OperatingFaultException(
                    $"the guest {instance} did not come up within {BootLimit.TotalSeconds:0} s", mayRetry: true);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), clock, stop);
        }
    }
}
