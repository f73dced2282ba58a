using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NovaOrleans.Api.Listening;

/// <summary>Certificates from PEM files.</summary>
public static class Certificates
{
    /// <summary>Trust in the authorities of a file, and in no others.</summary>
    /// <exception cref="OperatingFaultException">The file cannot be read.</exception>
    public static X509ChainPolicy TrustOnly(string file)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        Read(file, () => policy.CustomTrustStore.ImportFromPemFile(file));
        return policy;
    }

    /// <summary>A server's certificate with its key, and what stands behind it in the file.</summary>
    /// <exception cref="OperatingFaultException">A file cannot be read, or the key is another certificate's.</exception>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Load(string certificate, string key)
    {
        X509Certificate2 own = null!;
        var chain = new X509Certificate2Collection();
        Read($"{certificate} with {key}", () =>
        {
            own = X509Certificate2.CreateFromPemFile(certificate, key);
            chain.ImportFromPemFile(certificate);
        });
        return (own, chain);
    }

    private static void Read(string what, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new OperatingFaultException($"{what} cannot be used", mayRetry: false, e);
        }
    }
}
