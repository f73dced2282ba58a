using System.Runtime.InteropServices;

namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>
/// The functions of libvirt.so.0 that are used here, as its headers declare them. A call that failed says why by
/// <see cref="LastErrorCode"/>, which is the calling thread's own: it is read before anything else is done.
/// </summary>
internal static unsafe partial class LibvirtNative
{
    private const string Library = "libvirt.so.0";

    [LibraryImport(Library, EntryPoint = "virEventRegisterDefaultImpl")]
    public static partial int EventRegisterDefault();

    [LibraryImport(Library, EntryPoint = "virEventRunDefaultImpl")]
    public static partial int EventRunDefault();

    [LibraryImport(Library, EntryPoint = "virSetErrorFunc")]
    public static partial void SetErrorFunction(nint context, delegate* unmanaged[Cdecl]<nint, nint, void> function);

    [LibraryImport(Library, EntryPoint = "virGetLastErrorCode")]
    public static partial int LastErrorCode();

    /// <summary>libvirt's own memory: not to be freed.</summary>
    [LibraryImport(Library, EntryPoint = "virGetLastErrorMessage")]
    public static partial nint LastErrorMessage();

    [LibraryImport(Library, EntryPoint = "virConnectOpen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ConnectionHandle Open(string uri);

    [LibraryImport(Library, EntryPoint = "virConnectClose")]
    public static partial int Close(nint connection);

    [LibraryImport(Library, EntryPoint = "virConnectIsAlive")]
    public static partial int IsAlive(ConnectionHandle connection);

    [LibraryImport(Library, EntryPoint = "virConnectSetKeepAlive")]
    public static partial int SetKeepAlive(ConnectionHandle connection, int seconds, uint count);

    [LibraryImport(Library, EntryPoint = "virConnectRegisterCloseCallback")]
    public static partial int RegisterClose(
        ConnectionHandle connection,
        delegate* unmanaged[Cdecl]<nint, int, nint, void> callback,
        nint context,
        delegate* unmanaged[Cdecl]<nint, void> free);

    [LibraryImport(Library, EntryPoint = "virConnectUnregisterCloseCallback")]
    public static partial int UnregisterClose(
        ConnectionHandle connection, delegate* unmanaged[Cdecl]<nint, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "virConnectDomainEventRegisterAny")]
    public static partial int RegisterEvent(
        ConnectionHandle connection, nint domain, int kind, nint callback, nint context, nint free);

    [LibraryImport(Library, EntryPoint = "virConnectDomainEventDeregisterAny")]
    public static partial int DeregisterEvent(ConnectionHandle connection, int callbackId);

    /// <summary>The array and each domain in it are the caller's.</summary>
    [LibraryImport(Library, EntryPoint = "virConnectListAllDomains")]
    public static partial int ListAllDomains(ConnectionHandle connection, nint** domains, uint flags);

    [LibraryImport(Library, EntryPoint = "virDomainFree")]
    public static partial int Free(nint domain);

    [LibraryImport(Library, EntryPoint = "virDomainLookupByUUIDString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle Find(ConnectionHandle connection, string uuid);

    [LibraryImport(Library, EntryPoint = "virDomainDefineXML", StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle Define(ConnectionHandle connection, string xml);

    [LibraryImport(Library, EntryPoint = "virDomainUndefineFlags")]
    public static partial int Undefine(DomainHandle domain, uint flags);

    [LibraryImport(Library, EntryPoint = "virDomainCreate")]
    public static partial int Start(DomainHandle domain);

    [LibraryImport(Library, EntryPoint = "virDomainDestroy")]
    public static partial int Destroy(DomainHandle domain);

    [LibraryImport(Library, EntryPoint = "virDomainIsActive")]
    public static partial int IsActive(DomainHandle domain);

    /// <summary>libvirt's own memory, as long as the domain lives.</summary>
    [LibraryImport(Library, EntryPoint = "virDomainGetName")]
    public static partial nint NameOf(DomainHandle domain);

    /// <summary>The caller's, from malloc.</summary>
    [LibraryImport(Library, EntryPoint = "virDomainGetXMLDesc")]
    public static partial nint XmlOf(DomainHandle domain, uint flags);

    [LibraryImport(Library, EntryPoint = "virDomainAttachDeviceFlags", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Attach(DomainHandle domain, string xml, uint flags);

    [LibraryImport(Library, EntryPoint = "virDomainDetachDeviceFlags", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Detach(DomainHandle domain, string xml, uint flags);

    [LibraryImport(Library, EntryPoint = "virDomainUpdateDeviceFlags", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Update(DomainHandle domain, string xml, uint flags);

    /// <summary>A connection that is closed when nobody has it any more.</summary>
    internal sealed class ConnectionHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        // Callbacks may hold references of their own (the answer is then above 0): they go with them.
        protected override bool ReleaseHandle() => LibvirtNative.Close(handle) >= 0;
    }

    internal sealed class DomainHandle : SafeHandle
    {
        public DomainHandle()
            : base(0, ownsHandle: true)
        {
        }

        public DomainHandle(nint domain)
            : this() => SetHandle(domain);

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => LibvirtNative.Free(handle) == 0;
    }
}
