using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace NovaOrleans.Connections;

/// <summary>Somebody at one of a silo's ports who believes whatever the silo shows.</summary>
internal static class Knock
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Says something without TLS until it is hung up on; where it came from.</summary>
    public static async Task<string> Plainly(IPEndPoint door)
    {
        using TcpClient tcp = new(door.AddressFamily);
        await tcp.ConnectAsync(door);
        string from = $"{tcp.Client.LocalEndPoint}";
        await UntilHungUp(tcp.GetStream());
        return from;
    }

    /// <summary>Offers a handshake with this certificate, or with none, until it is hung up on; where it came from.</summary>
    public static async Task<string> With(IPEndPoint door, X509Certificate2? certificate)
    {
        using TcpClient tcp = new(door.AddressFamily);
        await tcp.ConnectAsync(door);
        string from = $"{tcp.Client.LocalEndPoint}";
        await using SslStream tls = new(tcp.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "nova-silo",
                ApplicationProtocols = [new SslApplicationProtocol("Orleans1")],
                RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null,
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
            }).WaitAsync(s_limit);
            await UntilHungUp(tls);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Turned away in the handshake.
        }

        return from;
    }

    private static async Task UntilHungUp(Stream stream)
    {
        using CancellationTokenSource limit = new(s_limit);
        try
        {
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: silo\r\n\r\n"u8.ToArray(), limit.Token);
            byte[] answer = new byte[4096];
            while (await stream.ReadAsync(answer, limit.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Hung up on, too.
        }
    }
}
