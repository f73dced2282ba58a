using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace NovaOrleans.Connections;

/// <summary>How a process connects to a silo: both sides show a certificate of the cluster's CA, and the other one is a silo.</summary>
public static partial class ClusterTls
{
    private static readonly PeerRole[] s_silos = [PeerRole.Silo];

    /// <summary>For clients: the facade, an agent. Without certificates it changes nothing.</summary>
    /// <exception cref="NovaOrleans.Outcomes.OperatingFaultException">They cannot be used.</exception>
    public static IClientBuilder UseClusterCertificates(this IClientBuilder client, CertificateFiles? files)
    {
        if (files is null)
        {
            return client;
        }

        ClusterCertificates own = ClusterCertificates.Open(files, TimeProvider.System);

        ClientIdentity.Take(client.Services, own.Self);
        return client.Configure<ClientConnectionOptions>(o => o.ConfigureConnection(c => c.UseToSilos(own)));
    }

    /// <summary>The connecting side, of clients and of silos.</summary>
    public static void UseToSilos(this IConnectionBuilder connection, ClusterCertificates own)
    {
        ILogger log = connection.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("NovaOrleans.Connections");
        own.Log ??= log;
        connection.UseClientTls(new TlsOptions
        {
            LocalClientCertificateSelector = (_, _, _, _, _) => own.Own,
            RemoteCertificateValidation = (certificate, chain, _) =>
            {
                string? why = own.WhyNot(certificate, chain, CertificatePurpose.Server, s_silos);
                if (why is not null)
                {
                    LogTurnedAway(log, why);
                }

                return why is null;
            },
            // Whom it reached is told by the role in the certificate: addresses change, and are behind one name in places.
            OnAuthenticateAsClient = (_, options) =>
            {
                options.TargetHost = "nova-silo";
                // Every new connection is looked at anew, also after the files were replaced.
                ((SslClientAuthenticationOptions)options.SslClientAuthenticationOptions).AllowTlsResume = false;
            },
        });
        connection.Use(next => context => Welcomed(context, next, own, log));
    }

    /// <summary>
    /// In TLS 1.3 a client learns of a refusal only from what it reads next: a connection that ends before the first byte is one.
    /// </summary>
    private static async Task Welcomed(ConnectionContext context, ConnectionDelegate next, ClusterCertificates own, ILogger log)
    {
        IDuplexPipe transport = context.Transport;
        FirstByte input = new(transport.Input);
        context.Transport = new Duplex(input, transport.Output);
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = transport;
            if (!input.Came)
            {
                LogNotWelcome(log, context.RemoteEndPoint, own.Self);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "a silo was turned away: {Why}")]
    private static partial void LogTurnedAway(ILogger log, string why);

    [LoggerMessage(LogLevel.Warning, "{Silo} ended the connection of {Self} before it was open; its log says why")]
    private static partial void LogNotWelcome(ILogger log, System.Net.EndPoint? silo, Peer self);
}
