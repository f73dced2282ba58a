using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace NovaOrleans.Api.Listening;

/// <summary>
/// The certificate with which the API listens. Its files are looked at again when a connection comes and ten seconds have passed, so
/// that a renewed one is used without a restart; a pair that cannot be used leaves the one before.
/// </summary>
public sealed class ServerCertificate
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private readonly string _certificate;
    private readonly string _key;
    private readonly TimeProvider _clock;
    private readonly Lock _one = new();
    private SslStreamCertificateContext _context;
    private DateTime _written;
    private long _looked;

    /// <exception cref="OperatingFaultException">The pair cannot be used.</exception>
    public ServerCertificate(string certificate, string key, TimeProvider clock)
    {
        (_certificate, _key, _clock) = (certificate, key, clock);
        (_written, _looked) = (Written(), clock.GetTimestamp());
        _context = Load();
    }

    /// <summary><c>--tls_certificate</c> and <c>--tls_key</c>, PEM both; null where neither is given.</summary>
    /// <exception cref="OperatingFaultException">One is given without the other, or they cannot be used.</exception>
    public static ServerCertificate? From(IConfiguration settings, TimeProvider clock) =>
        (settings["tls_certificate"], settings["tls_key"]) switch
        {
            (null, null) => null,
            ({ } certificate, { } key) => new ServerCertificate(certificate, key, clock),
            _ => throw new OperatingFaultException("--tls_certificate and --tls_key are given together, or neither.", mayRetry: false),
        };

    public void Use(HttpsConnectionAdapterOptions https)
    {
        https.ServerCertificate = _context.TargetCertificate;
        https.OnAuthenticate = (_, tls) => tls.ServerCertificateContext = Current();
    }

    private SslStreamCertificateContext Current()
    {
        lock (_one)
        {
            if (_clock.GetElapsedTime(_looked) < LookAgain)
            {
                return _context;
            }

            _looked = _clock.GetTimestamp();
            if (Written() is var written && written == _written)
            {
                return _context;
            }

            try
            {
                (_context, _written) = (Load(), written);
            }
            catch (OperatingFaultException)
            {
                // Half of a renewal: the other file comes, and is looked for.
            }

            return _context;
        }
    }

    private SslStreamCertificateContext Load()
    {
        (X509Certificate2 certificate, X509Certificate2Collection chain) = Certificates.Load(_certificate, _key);
        // Offline: what stands in the file is sent, and nothing is fetched from anywhere.
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    private DateTime Written()
    {
        DateTime certificate = File.GetLastWriteTimeUtc(_certificate);
        DateTime key = File.GetLastWriteTimeUtc(_key);
        return certificate > key ? certificate : key;
    }
}
