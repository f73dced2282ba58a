using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using NovaOrleans.Outcomes;

namespace NovaOrleans.Connections;

/// <summary>
/// This process's certificate and whom it trusts, as the files say now: a new connection uses what they hold when it is made, so
/// that certificates are renewed by replacing files. Files that cannot be read leave what was read before.
/// </summary>
public sealed partial class ClusterCertificates
{
    /// <summary>Many connections at once look at the files once.</summary>
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);

    private readonly CertificateFiles _files;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private Loaded _loaded;
    private long _lookedAt;

    private ClusterCertificates(CertificateFiles files, TimeProvider clock)
    {
        (_files, _clock) = (files, clock);
        _loaded = Load(files);
        _lookedAt = clock.GetTimestamp();
    }

    /// <summary>Set by the host when it has a log; a renewal that failed is told there.</summary>
    public ILogger? Log { get; set; }

    /// <summary>Who this process is to the others.</summary>
    public Peer Self => _loaded.Self;

    public X509Certificate2 Own => Current().Own;

    /// <exception cref="OperatingFaultException">A file cannot be read, or they do not belong together.</exception>
    public static ClusterCertificates Open(CertificateFiles files, TimeProvider clock) => new(files, clock);

    /// <summary>Why the holder of a certificate is turned away in a sentence's middle; null where it is let in.</summary>
    /// <param name="certificate">What it showed.</param>
    /// <param name="offered">Whatever else it sent along.</param>
    /// <param name="use">As what it shows it: <see cref="CertificatePurpose.Client"/> or server.</param>
    /// <param name="roles">Who may pass here.</param>
    public string? WhyNot(
        X509Certificate2 certificate, X509Chain? offered, string use, IReadOnlyCollection<PeerRole> roles)
    {
        if (CertificatePurpose.WhyUntrusted(certificate, Current().Authorities, offered, use) is { } untrusted)
        {
            return untrusted;
        }

        return PeerNames.Of(certificate) is not { } peer
            ? $"its certificate ({certificate.Subject}) names no role: {Peer.Accepts}"
            : roles.Contains(peer.Role) ? null
            : $"its certificate is of {peer}, and only {string.Join(", ", roles).ToLowerInvariant()} may pass here";
    }

    private Loaded Current()
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_lookedAt) < s_lookEvery)
            {
                return _loaded;
            }

            _lookedAt = _clock.GetTimestamp();
            try
            {
                if (StampOf(_files) != _loaded.Stamp)
                {
                    _loaded = Load(_files);
                    LogRenewed(_files.Certificate, _loaded.Own.NotAfter);
                }
            }
            catch (Exception e) when (e is OperatingFaultException or IOException)
            {
                // Also while they are being replaced one after the other.
                LogNotRenewed(e.Message);
            }

            return _loaded;
        }
    }

    private static Loaded Load(CertificateFiles files)
    {
        try
        {
            Stamp stamp = StampOf(files);
            X509Certificate2 own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(files.Authority);
            if (CertificatePurpose.WhyUntrusted(own, authorities, null, CertificatePurpose.Client) is { } untrusted)
            {
                throw Fault(files, untrusted);
            }

            return PeerNames.Of(own) is { } self
                ? new Loaded(own, authorities, self, stamp)
                : throw Fault(files, $"it names no role: {Peer.Accepts}");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Fault(files, e.Message);
        }
    }

    private static OperatingFaultException Fault(CertificateFiles files, string why) => new(
        $"The certificate in {files.Certificate}, with the key in {files.Key} and the CA in {files.Authority}, cannot be used: {why}.",
        mayRetry: false);

    private static Stamp StampOf(CertificateFiles files) => new(
        File.GetLastWriteTimeUtc(files.Certificate), File.GetLastWriteTimeUtc(files.Key), File.GetLastWriteTimeUtc(files.Authority));

    private void LogRenewed(string file, DateTime until)
    {
        if (Log is { } log)
        {
            LogRenewed(log, file, until);
        }
    }

    private void LogNotRenewed(string reason)
    {
        if (Log is { } log)
        {
            LogNotRenewed(log, reason);
        }
    }

    [LoggerMessage(LogLevel.Information, "{File} was read again; new connections use it, until {Until:u}")]
    private static partial void LogRenewed(ILogger log, string file, DateTime until);

    [LoggerMessage(LogLevel.Warning, "new connections use the certificate as it was read before: {Reason}")]
    private static partial void LogNotRenewed(ILogger log, string reason);

    private sealed record Loaded(X509Certificate2 Own, X509Certificate2Collection Authorities, Peer Self, Stamp Stamp);

    private sealed record Stamp(DateTime Certificate, DateTime Key, DateTime Authority);
}
