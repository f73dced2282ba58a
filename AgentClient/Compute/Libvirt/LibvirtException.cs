using System.Runtime.InteropServices;

namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>libvirt's error numbers that make a difference here (virErrorNumber in virterror.h).</summary>
internal enum LibvirtError
{
    None = 0,
    NoSupport = 3,
    OperationFailed = 9,
    XmlError = 27,
    SystemError = 38,
    Rpc = 39,
    NoDomain = 42,
    OperationInvalid = 55,
    ConfigUnsupported = 67,
    DeviceMissing = 99,
}

/// <summary>A call of libvirt that failed, with its number. It does not leave <see cref="LibvirtSession"/>.</summary>
internal sealed class LibvirtException(LibvirtError error, string message) : Exception(message)
{
    public LibvirtError Error => error;

    /// <summary>
    /// What libvirt was told is wrong, or is nothing that it can do: the same call again gives the same answer.
    /// </summary>
    public bool MayRetry => error is not (LibvirtError.NoSupport or LibvirtError.XmlError or LibvirtError.ConfigUnsupported);

    public OperatingFaultException ToFault() => new($"libvirt: {Message}", MayRetry);

    /// <summary>Reads what this thread's last call said.</summary>
    public static LibvirtException Last(string what)
    {
        string words = Marshal.PtrToStringUTF8(LibvirtNative.LastErrorMessage()) ?? "it gave no reason";
        return new LibvirtException((LibvirtError)LibvirtNative.LastErrorCode(), $"{what}: {words}");
    }

    public static void Check(int result, string what)
    {
        if (result < 0)
        {
            throw Last(what);
        }
    }
}
