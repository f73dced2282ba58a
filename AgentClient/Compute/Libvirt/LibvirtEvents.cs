using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>
/// libvirt's events: one loop in this process, on a thread of its own since it blocks, and the callbacks that it makes.
/// It must be there before the first connection is opened.
/// </summary>
internal static unsafe class LibvirtEvents
{
    /// <summary>A domain's life (VIR_DOMAIN_EVENT_ID_LIFECYCLE), and a device that went (…_DEVICE_REMOVED).</summary>
    private const int Lifecycle = 0;
    private const int DeviceRemoved = 15;

    private static readonly Lazy<bool> Loop = new(StartLoop);

    /// <summary>
    /// <paramref name="changed"/> is called for every event, and when the connection is lost; on the loop's thread, so
    /// it must not wait. Gives the callbacks' ids.
    /// </summary>
    public static IReadOnlyList<int> Listen(LibvirtNative.ConnectionHandle connection, Action changed)
    {
        nint free = (nint)(delegate* unmanaged[Cdecl]<nint, void>)&Forget;
        int life = LibvirtNative.RegisterEvent(
            connection, 0, Lifecycle, (nint)(delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, int>)&OnLifecycle,
            Remember(changed), free);
        LibvirtException.Check(life, "events cannot be listened to");
        int device = LibvirtNative.RegisterEvent(
            connection, 0, DeviceRemoved, (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, nint, void>)&OnDevice,
            Remember(changed), free);
        LibvirtException.Check(device, "events cannot be listened to");
        int lost = LibvirtNative.RegisterClose(connection, &OnClose, Remember(changed), &Forget);
        LibvirtException.Check(lost, "the end of the connection cannot be listened to");
        return [life, device];
    }

    public static void Deafen(LibvirtNative.ConnectionHandle connection, IReadOnlyList<int> callbacks)
    {
        _ = LibvirtNative.UnregisterClose(connection, &OnClose);
        foreach (int callback in callbacks)
        {
            _ = LibvirtNative.DeregisterEvent(connection, callback);
        }
    }

    public static void EnsureLoop() => _ = Loop.Value;

    private static bool StartLoop()
    {
        try
        {
            LibvirtException.Check(LibvirtNative.EventRegisterDefault(), "libvirt's event loop cannot be set up");
        }
        catch (DllNotFoundException e)
        {
            throw new OperatingFaultException("libvirt.so.0 is not on this host: install libvirt0", mayRetry: false, e);
        }

        // Otherwise libvirt prints every error to standard error, also those that are answers.
        LibvirtNative.SetErrorFunction(0, &Silent);
        new Thread(Run) { IsBackground = true, Name = "libvirt events" }.Start();
        return true;
    }

    /// <summary>As long as the process lives: libvirt has no way to take its loop down.</summary>
    private static void Run()
    {
        while (LibvirtNative.EventRunDefault() >= 0)
        {
        }
    }

    private static nint Remember(Action changed) => GCHandle.ToIntPtr(GCHandle.Alloc(changed));

    private static void Call(nint context) => ((Action)GCHandle.FromIntPtr(context).Target!)();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Silent(nint context, nint error)
    {
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Forget(nint context) => GCHandle.FromIntPtr(context).Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnLifecycle(nint connection, nint domain, int happened, int detail, nint context)
    {
        Call(context);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDevice(nint connection, nint domain, nint alias, nint context) => Call(context);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnClose(nint connection, int reason, nint context) => Call(context);
}
