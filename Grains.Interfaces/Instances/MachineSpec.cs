namespace NovaOrleans.Instances;

/// <summary>
/// The machine that an instance was launched as: what its flavor and image said then, kept with the instance, so that a
/// later change of the lists does not reach it. <paramref name="Image"/> null means that there is nothing to boot from.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.MachineSpec")]
public sealed record MachineSpec(int MemoryMib, int Vcpus, MachineImage? Image);

/// <summary>
/// What a machine boots from: a kernel, or a disk of <paramref name="DiskFormat"/>. Each is a file in the images folder
/// of the compute host, never a path: a cloud must not be able to name any other file of a host. A machine with a disk
/// gets a drive labelled <paramref name="DriveLabel"/> that says who it is.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.MachineImage")]
public sealed record MachineImage(
    string Id,
    string? Kernel,
    string? Initrd,
    string CommandLine,
    string? Disk,
    string DiskFormat,
    string DriveLabel)
{
    public const string FileAccepts = "a file's name in the images folder, as in cirros/disk.qcow2";

    /// <summary>Names with letters, digits, '.', '_' and '-', with '/' between them.</summary>
    public static bool IsFile(string? text) =>
        text is { Length: <= 255 } && text.Split('/').All(part => Names.IsIdentifier(part, 255));
}
