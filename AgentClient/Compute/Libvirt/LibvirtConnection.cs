using System.Runtime.InteropServices;

namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>One connection to libvirtd. Every call blocks, and throws <see cref="LibvirtException"/>.</summary>
internal sealed class LibvirtConnection : IDisposable
{
    private readonly LibvirtNative.ConnectionHandle _handle;
    private readonly IReadOnlyList<int> _callbacks;

    private LibvirtConnection(LibvirtNative.ConnectionHandle handle, Action changed)
    {
        _handle = handle;
        // A daemon that hangs is one that is gone: 5 s, three times. A driver without a daemon knows no such thing.
        _ = LibvirtNative.SetKeepAlive(handle, 5, 3);
        _callbacks = LibvirtEvents.Listen(handle, changed);
    }

    /// <summary><paramref name="changed"/>: see <see cref="LibvirtEvents.Listen"/>.</summary>
    public static LibvirtConnection Open(string uri, Action changed)
    {
        LibvirtEvents.EnsureLoop();
        LibvirtNative.ConnectionHandle handle = LibvirtNative.Open(uri);
        if (handle.IsInvalid)
        {
            throw LibvirtException.Last($"{uri} cannot be reached");
        }

        try
        {
            return new LibvirtConnection(handle, changed);
        }
        catch (LibvirtException)
        {
            handle.Dispose();
            throw;
        }
    }

    public bool IsAlive => LibvirtNative.IsAlive(_handle) == 1;

    /// <summary>Every domain, running or not. Each is the caller's.</summary>
    public unsafe IReadOnlyList<LibvirtDomain> List()
    {
        nint* domains;
        int count = LibvirtNative.ListAllDomains(_handle, &domains, 0);
        LibvirtException.Check(count, "the domains cannot be listed");
        try
        {
            return [.. new ReadOnlySpan<nint>(domains, count).ToArray().Select(d => new LibvirtDomain(new(d)))];
        }
        finally
        {
            NativeMemory.Free(domains);
        }
    }

    /// <summary>Null where there is none.</summary>
    public LibvirtDomain? Find(Guid id)
    {
        LibvirtNative.DomainHandle domain = LibvirtNative.Find(_handle, id.ToString());
        if (!domain.IsInvalid)
        {
            return new LibvirtDomain(domain);
        }

        LibvirtException fault = LibvirtException.Last($"domain {id} cannot be looked up");
        domain.Dispose();
        return fault.Error == LibvirtError.NoDomain ? null : throw fault;
    }

    /// <summary>Defines it, or changes the definition of the one with its UUID.</summary>
    public LibvirtDomain Define(string xml)
    {
        LibvirtNative.DomainHandle domain = LibvirtNative.Define(_handle, xml);
        return domain.IsInvalid ? throw LibvirtException.Last("the domain cannot be defined") : new LibvirtDomain(domain);
    }

    public void Dispose()
    {
        LibvirtEvents.Deafen(_handle, _callbacks);
        _handle.Dispose();
    }
}
