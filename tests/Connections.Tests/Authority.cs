using System.Security.Cryptography.X509Certificates;
using NovaOrleans.Manage;

namespace NovaOrleans.Connections;

/// <summary>A CA in a folder of the test's own, made as nova-manage makes it.</summary>
internal sealed class Authority : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nova-ca-").FullName;
    private readonly CertificateMaker _maker;

    public Authority()
    {
        _maker = new CertificateMaker(_folder, TimeProvider.System);
        _maker.MakeAuthority(30);
    }

    /// <summary>Of <c>silo</c>, <c>api</c>, <c>admin</c> or <c>host/NAME</c>; made anew each time.</summary>
    public CertificateFiles FilesOf(string role)
    {
        (string certificate, string key, _) = _maker.Issue(role, 10);
        return new CertificateFiles(certificate, key, _maker.AuthorityFile);
    }

    public X509Certificate2 CertificateOf(string role)
    {
        CertificateFiles files = FilesOf(role);
        return X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
    }

    public static string[] Options(CertificateFiles files) =>
        ["--cluster_certificate", files.Certificate, "--cluster_key", files.Key, "--cluster_ca", files.Authority];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
