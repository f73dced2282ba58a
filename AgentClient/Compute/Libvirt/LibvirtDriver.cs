namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>
/// Instances are libvirt's domains. It has to do only with those that it defined: their name begins with ours, and an
/// element of ours in their metadata has the instance's id and this driver's folder. A guest outlives the agent and
/// libvirtd.
/// </summary>
public sealed class LibvirtDriver(LibvirtOptions options, IGuestMedia media, TimeProvider clock) : IComputeDriver, IDisposable
{
    private static readonly TimeSpan UnplugLimit = TimeSpan.FromSeconds(10);

    private readonly LibvirtSession _session = new(options.Uri, clock);
    private readonly GuestFiles _files = new(options, media);

    public string Name => "libvirt";

    public bool TakesDevices => true;

    public GuestAttachment AttachmentOf(InstanceSpec instance) => OpenedByHypervisor.Instance;

    public Task UntilChanged(CancellationToken stop) => _session.UntilChanged(stop);

    public async Task Define(InstanceSpec instance, CancellationToken stop)
    {
        FolderOf(instance.Id).Make();
        string xml = await Describe(instance, GuestBoot.Empty, stop);
        await Do(instance.Id, (connection, _) => connection.Define(xml).Dispose(), stop);
    }

    public async Task Start(InstanceSpec instance, GuestBoot boot, CancellationToken stop)
    {
        string xml = await Describe(instance, boot, stop);
        await Do(
            instance.Id,
            (connection, domain) =>
            {
                if (domain is not { IsActive: true })
                {
                    using LibvirtDomain defined = connection.Define(xml);
                    defined.Start();
                }
            },
            stop);
        FolderOf(instance.Id).MarkStarted();
    }

    public async Task Stop(InstanceId instance, CancellationToken stop)
    {
        // Before it ends: otherwise it would be taken for one that ended by itself.
        FolderOf(instance).MarkEnded();
        await Do(instance, (_, domain) => domain?.Destroy(), stop);
    }

    public async Task Undefine(InstanceId instance, CancellationToken stop)
    {
        await Do(
            instance,
            (_, domain) =>
            {
                domain?.Destroy();
                domain?.Undefine();
            },
            stop);
        FolderOf(instance).Delete();
    }

    public Task<IReadOnlyList<GuestView>> List(CancellationToken stop) => _session.Ask(
        connection =>
        {
            Dictionary<InstanceId, GuestView> guests = [];
            foreach (LibvirtDomain domain in connection.List())
            {
                using (domain)
                {
                    if (DomainXml.IsOurs(domain.Name) && DomainXml.Read(domain.Xml(), options.Folder) is { } own)
                    {
                        guests[own.Instance] = ViewOf(own.Instance, domain.IsActive, own.Devices);
                    }
                }
            }

            // One that somebody undefined as well is no less lost.
            foreach (InstanceId gone in GuestFolder.All(options.Folder)
                .Where(i => !guests.ContainsKey(i) && FolderOf(i).WasStarted))
            {
                guests[gone] = new GuestView(gone, GuestStatus.Lost);
            }

            return (IReadOnlyList<GuestView>)[.. guests.Values];
        },
        stop);

    public Task Plug(InstanceId instance, GuestDevice device, CancellationToken stop) => Do(
        instance,
        (_, domain) =>
        {
            if (domain is not null && DomainXml.Find(domain.Xml(), device.Id) is null)
            {
                domain.Attach(device.Xml);
            }
        },
        stop);

    public async Task Unplug(InstanceId instance, string device, CancellationToken stop)
    {
        long began = clock.GetTimestamp();
        bool asked = false;
        while (await Has(instance, device, stop))
        {
            if (!asked)
            {
                asked = true;
                await WithDevice(instance, device, (domain, found) => domain.Detach(found), stop);
            }
            else if (clock.GetElapsedTime(began) > UnplugLimit)
            {
                throw new OperatingFaultException(
                    $"the guest {instance} did not give up NIC {device} within {UnplugLimit.TotalSeconds:0} s",
                    mayRetry: true);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, stop);
        }
    }

    /// <summary>Pulls the cable of a NIC, or puts it back; the NIC stays.</summary>
    public Task SetLink(InstanceId instance, string device, bool up, CancellationToken stop) =>
        WithDevice(instance, device, (domain, found) => domain.Update(DomainXml.WithLink(found, up)), stop);

    /// <summary>The log of its serial console, which outlives it until it is forgotten.</summary>
    public string ConsoleOf(InstanceId instance) => FolderOf(instance).Console;

    public void Dispose() => _session.Dispose();

    private async Task<string> Describe(InstanceSpec instance, GuestBoot boot, CancellationToken stop)
    {
        MachineSpec? machine = instance.Machine;
        if (machine?.Image is not { } image)
        {
            throw new OperatingFaultException(
                $"instance {instance.Id} was launched without an image that a machine can boot", mayRetry: false);
        }

        MachineFiles files = await _files.Prepare(FolderOf(instance.Id), image, boot, stop);
        return DomainXml.Of(instance, machine, options.Virtualization, files, boot.Devices);
    }

    private GuestView ViewOf(InstanceId instance, bool active, IReadOnlyList<string> devices)
    {
        GuestFolder folder = FolderOf(instance);
        if (active)
        {
            // An agent that was killed between the start and its note of it.
            folder.MarkStarted();
            return new GuestView(instance, GuestStatus.Running) { Devices = devices };
        }

        return new GuestView(instance, folder.WasStarted ? GuestStatus.Lost : GuestStatus.Defined);
    }

    private Task<bool> Has(InstanceId instance, string device, CancellationToken stop) => _session.Ask(
        connection =>
        {
            using LibvirtDomain? domain = Own(connection, instance);
            return domain is not null && DomainXml.Find(domain.Xml(), device) is not null;
        },
        stop);

    private Task WithDevice(
        InstanceId instance, string device, Action<LibvirtDomain, string> act, CancellationToken stop) => Do(
        instance,
        (_, domain) =>
        {
            if (domain is not null && DomainXml.Find(domain.Xml(), device) is { } found)
            {
                act(domain, found);
            }
        },
        stop);

    /// <summary>The domain is null where there is none.</summary>
    private Task Do(InstanceId instance, Action<LibvirtConnection, LibvirtDomain?> act, CancellationToken stop) => _session.Ask(
        connection =>
        {
            using LibvirtDomain? domain = Own(connection, instance);
            act(connection, domain);
            return true;
        },
        stop);

    private LibvirtDomain? Own(LibvirtConnection connection, InstanceId instance)
    {
        LibvirtDomain? domain = connection.Find(instance.Value);
        if (domain is not null && DomainXml.Read(domain.Xml(), options.Folder)?.Instance != instance)
        {
            string name = domain.Name;
            domain.Dispose();
            throw new OperatingFaultException(
                $"domain {name} has the id of instance {instance} and was not defined here: it is left alone",
                mayRetry: false);
        }

        return domain;
    }

    private GuestFolder FolderOf(InstanceId instance) => new(options.Folder, instance);
}
