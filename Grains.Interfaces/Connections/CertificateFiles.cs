using Microsoft.Extensions.Configuration;

namespace NovaOrleans.Connections;

/// <summary>
/// The PEM files by which a process of a cluster is known to the others: <c>--cluster_certificate</c>, <c>--cluster_key</c> and
/// <c>--cluster_ca</c>. They are about the connections between processes; HTTP has its own.
/// </summary>
public sealed record CertificateFiles(string Certificate, string Key, string Authority)
{
    public const string CertificateSetting = "cluster_certificate";
    public const string KeySetting = "cluster_key";
    public const string AuthoritySetting = "cluster_ca";

    /// <summary>All three or none; a half of them is a fault.</summary>
    public static (CertificateFiles? Files, string? Fault) From(string? certificate, string? key, string? authority)
    {
        (string Name, string? Path)[] all =
            [(CertificateSetting, certificate), (KeySetting, key), (AuthoritySetting, authority)];
        string[] missing = [.. all.Where(f => f.Path is null).Select(f => $"--{f.Name}")];
        return missing.Length switch
        {
            3 => (null, null),
            0 => (new CertificateFiles(certificate!, key!, authority!), null),
            _ => (null, $"{string.Join(" and ", missing)} is missing: --{CertificateSetting}, --{KeySetting} and "
                + $"--{AuthoritySetting} are given together or not at all."),
        };
    }

    /// <inheritdoc cref="From(string?, string?, string?)"/>
    public static (CertificateFiles? Files, string? Fault) From(IConfiguration settings) =>
        From(settings[CertificateSetting], settings[KeySetting], settings[AuthoritySetting]);
}
