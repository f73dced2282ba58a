using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace NovaOrleans.Manage;

/// <summary>
/// A CA in a folder and the certificates that it signs: elliptic keys, one URI as the alternative name that says the role, and the
/// uses that the role needs. Keys are readable by their owner alone; a file gets its name when it is whole.
/// </summary>
internal sealed partial class CertificateMaker(string folder, TimeProvider clock)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";

    /// <summary>Clocks of a cluster's machines differ a little.</summary>
    private static readonly TimeSpan s_before = TimeSpan.FromMinutes(5);

    public string AuthorityFile { get; } = Path.Combine(folder, "ca.pem");

    public string AuthorityKey { get; } = Path.Combine(folder, "ca.key");

    /// <exception cref="ApiFault">There is one already.</exception>
    public DateTimeOffset MakeAuthority(int days)
    {
        if (File.Exists(AuthorityFile) || File.Exists(AuthorityKey))
        {
            throw new ApiFault(
                $"{AuthorityFile} is there already: whoever has a certificate of it would be turned away by a new one; "
                    + "choose another --folder",
                ApiFault.Refused);
        }

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=NovaOrleans cluster CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset now = clock.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now - s_before, now.AddDays(days));
        Write(AuthorityKey, key.ExportPkcs8PrivateKeyPem());
        Write(AuthorityFile, made.ExportCertificatePem());
        return now.AddDays(days);
    }

    /// <summary>Makes the role's certificate, or makes it anew.</summary>
    /// <exception cref="ApiFault">There is no CA, the name is none, or the CA ends too soon.</exception>
    public (string Certificate, string Key, DateTimeOffset Until) Issue(string role, int days)
    {
        if (!Role().IsMatch(role))
        {
            throw new ApiFault(
                $"'{role.Split('/')[^1]}' is no host name: 1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit",
                ApiFault.NotUnderstood);
        }

        if (!File.Exists(AuthorityFile) || !File.Exists(AuthorityKey))
        {
            throw new ApiFault($"no CA is in {folder}: make one with 'nova-manage certificate ca', or say where it is with --folder",
                ApiFault.NotUnderstood);
        }

        using X509Certificate2 authority = X509Certificate2.CreateFromPemFile(AuthorityFile, AuthorityKey);
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset until = now.AddDays(days);
        if (until > authority.NotAfter.ToUniversalTime())
        {
            throw new ApiFault(
                $"the CA ends at {authority.NotAfter.ToUniversalTime():yyyy-MM-dd}: fewer --days, or a new CA in another --folder",
                ApiFault.Refused);
        }

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 made = RequestFor(role, key, authority)
            .Create(authority, now - s_before, until, RandomNumberGenerator.GetBytes(16));
        string file = Path.Combine(folder, role.Replace('/', '-'));
        Write($"{file}.key", key.ExportPkcs8PrivateKeyPem());
        Write($"{file}.pem", made.ExportCertificatePem());
        return ($"{file}.pem", $"{file}.key", until);
    }

    private static CertificateRequest RequestFor(string role, ECDsa key, X509Certificate2 authority)
    {
        var request = new CertificateRequest(
            new X500DistinguishedName($"CN=nova {role.Replace('/', ' ')}"), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"nova://{role}"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        // Silos are connected to and connect; everybody else only connects.
        OidCollection uses = [new Oid(ClientUse)];
        if (role == "silo")
        {
            uses.Add(new Oid(ServerUse));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        return request;
    }

    private static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        string unnamed = $"{file}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && file.EndsWith(".key", StringComparison.Ordinal))
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var writer = new StreamWriter(unnamed, options))
        {
            writer.WriteLine(text);
        }

        File.Move(unnamed, file, overwrite: true);
    }

    [GeneratedRegex("^(silo|api|admin|host/[A-Za-z0-9][A-Za-z0-9._-]{0,62})$")]
    private static partial Regex Role();
}
