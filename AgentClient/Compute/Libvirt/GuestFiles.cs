namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>Makes the files that a guest boots from, in its folder, out of its image and what is to be told to it.</summary>
internal sealed class GuestFiles(LibvirtOptions options, IGuestMedia media)
{
    /// <summary>A disk is made once and stays the guest's; the rest is made anew at every start.</summary>
    public async Task<MachineFiles> Prepare(
        GuestFolder folder, MachineImage image, GuestBoot boot, CancellationToken stop)
    {
        MachineFiles files = new(options.Folder, folder.Console)
        {
            Kernel = ImageFile(image.Kernel),
            Initrd = ImageFile(image.Initrd),
        };
        if (image.Kernel is not null && boot.InjectedFiles.Count > 0)
        {
            await Inject(files.Initrd, boot.InjectedFiles, folder.Initrd, stop);
            files = files with { Initrd = folder.Initrd };
        }

        if (ImageFile(image.Disk) is { } backing)
        {
            if (!File.Exists(folder.Disk))
            {
                await media.MakeOverlay(backing, image.DiskFormat, folder.Disk, stop);
            }

            files = files with { Disk = folder.Disk, BackingDisk = backing };
        }

        if (boot.Drive.Count > 0)
        {
            await WriteDrive(folder, image.DriveLabel, boot.Drive, stop);
            files = files with { Drive = folder.Drive };
        }

        return files;
    }

    private string? ImageFile(string? name)
    {
        if (name is null)
        {
            return null;
        }

        string path = Path.Join(options.Images, name);
        return MachineImage.IsFile(name) && File.Exists(path) ? path : throw new OperatingFaultException(
            $"this host has no file {name} in its images folder {options.Images}", mayRetry: true);
    }

    /// <summary>The image's own archive, and one with our files behind it, which wins.</summary>
    private static async Task Inject(
        string? initrd, IReadOnlyDictionary<string, string> injected, string target, CancellationToken stop)
    {
        await using FileStream together = File.Create(target);
        if (initrd is not null)
        {
            await using FileStream image = File.OpenRead(initrd);
            await image.CopyToAsync(together, stop);
            // An archive begins at a multiple of four.
            await together.WriteAsync(new byte[(4 - (together.Length % 4)) % 4], stop);
        }

        await together.WriteAsync(CpioArchive.Of(injected), stop);
    }

    private async Task WriteDrive(
        GuestFolder folder, string label, IReadOnlyDictionary<string, string> content, CancellationToken stop)
    {
        foreach ((string path, string text) in content)
        {
            string place = Path.Join(folder.DriveContent, path);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            await File.WriteAllTextAsync(place, text, stop);
        }

        await media.MakeDrive(folder.DriveContent, label, folder.Drive, stop);
        Directory.Delete(folder.DriveContent, recursive: true);
    }
}
