using NovaOrleans.Connections;
using NovaOrleans.Manage;

namespace NovaOrleans.Faults;

/// <summary>A CA of the run's own, and a certificate for everybody: a cluster beyond the loopback address has no other way.</summary>
internal sealed class Papers : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nova-ca-").FullName;
    private readonly CertificateMaker _maker;

    public Papers()
    {
        _maker = new CertificateMaker(_folder, TimeProvider.System);
        _maker.MakeAuthority(30);
    }

    public CertificateFiles FilesOf(string role)
    {
        (string certificate, string key, _) = _maker.Issue(role, 10);
        return new CertificateFiles(certificate, key, _maker.AuthorityFile);
    }

    public IReadOnlyList<string> Options(string role)
    {
        CertificateFiles files = FilesOf(role);
        return
        [
            $"--{CertificateFiles.CertificateSetting}", files.Certificate, $"--{CertificateFiles.KeySetting}", files.Key,
            $"--{CertificateFiles.AuthoritySetting}", files.Authority,
        ];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
