using System.Runtime.InteropServices;

namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>A domain as one connection knows it. What is done already, is done.</summary>
internal sealed class LibvirtDomain(LibvirtNative.DomainHandle handle) : IDisposable
{
    private const uint Live = 1;
    private const uint Definition = 2;

    /// <summary>A saved image and snapshots' metadata, which an operator may have made, go with it, or it could not go.</summary>
    private const uint WithAllItHas = 1 | 2;

    /// <summary>Asked once: every call of libvirt forgets the error of the one before, and a complaint needs both.</summary>
    public string Name { get; } = Marshal.PtrToStringUTF8(LibvirtNative.NameOf(handle)) ?? "";

    public bool IsActive
    {
        get
        {
            int active = LibvirtNative.IsActive(handle);
            // One that was undefined since it was listed is as good as one that does not run.
            return active == 1 || (active < 0 && !IsGone("its state cannot be read"));
        }
    }

    /// <summary>Of a running one as it is now, of another as it is defined; empty if it went in between.</summary>
    public unsafe string Xml()
    {
        nint xml = LibvirtNative.XmlOf(handle, 0);
        if (xml == 0)
        {
            _ = IsGone("its definition cannot be read");
            return "";
        }

        string text = Marshal.PtrToStringUTF8(xml)!;
        NativeMemory.Free((void*)xml);
        return text;
    }

    public void Start() => LibvirtException.Check(LibvirtNative.Start(handle), $"domain {Name} cannot be started");

    public void Destroy()
    {
        if (LibvirtNative.Destroy(handle) < 0)
        {
            LibvirtException fault = LibvirtException.Last($"domain {Name} cannot be ended");
            if (fault.Error is not (LibvirtError.NoDomain or LibvirtError.OperationInvalid) || IsActive)
            {
                throw fault;
            }
        }
    }

    public void Undefine()
    {
        if (LibvirtNative.Undefine(handle, WithAllItHas) < 0)
        {
            _ = IsGone($"domain {Name} cannot be undefined");
        }
    }

    public void Attach(string device) => LibvirtException.Check(
        LibvirtNative.Attach(handle, device, Live | Definition), $"domain {Name} takes no further device");

    /// <summary>Asks for it: the running guest gives it up when it has seen to it.</summary>
    public void Detach(string device)
    {
        if (LibvirtNative.Detach(handle, device, Live | Definition) < 0)
        {
            LibvirtException fault = LibvirtException.Last($"domain {Name} does not give up a device");
            if (fault.Error != LibvirtError.DeviceMissing)
            {
                throw fault;
            }
        }
    }

    public void Update(string device) => LibvirtException.Check(
        LibvirtNative.Update(handle, device, Live | Definition), $"domain {Name} cannot change a device");

    public void Dispose() => handle.Dispose();

    private static bool IsGone(string what)
    {
        LibvirtException fault = LibvirtException.Last(what);
        return fault.Error == LibvirtError.NoDomain ? true : throw fault;
    }
}
