namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>
/// Where libvirtd is (<paramref name="Uri"/>), what it shall run guests as (<paramref name="Virtualization"/>:
/// <c>kvm</c>, or <c>qemu</c> on a machine without it), the operator's folder of images, and the driver's own folder,
/// which holds one folder an instance.
/// </summary>
public sealed record LibvirtOptions(string Uri, string Virtualization, string Images, string Folder);
