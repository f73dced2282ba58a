using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NovaOrleans.Connections;

/// <summary>Whether a certificate is one of this cluster's CA, and made for the use that is made of it.</summary>
public static class CertificatePurpose
{
    /// <summary>Extended key usage: who opens a connection.</summary>
    public const string Client = "1.3.6.1.5.5.7.3.2";

    /// <summary>Extended key usage: who is connected to.</summary>
    public const string Server = "1.3.6.1.5.5.7.3.1";

    /// <summary>
    /// The machine's own CAs count for nothing here, and no list of revoked certificates is asked for: a host that must not
    /// connect any more is fenced, and certificates live for a year.
    /// </summary>
    public static string? WhyUntrusted(
        X509Certificate2 certificate, X509Certificate2Collection authorities, X509Chain? offered, string use)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(use));
        if (offered is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(offered.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate)
            ? null
            : $"its certificate ({certificate.Subject}) is not this cluster's: "
                + string.Join(", ", chain.ChainStatus.Select(s => s.Status).Distinct());
    }
}
