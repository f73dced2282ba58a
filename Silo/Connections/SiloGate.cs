using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using NovaOrleans.Connections;
using NovaOrleans.Outcomes;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Serialization.Session;

namespace NovaOrleans.Silo.Connections;

/// <summary>
/// Who may connect to a silo: members at the silo port; members, facades, compute hosts and operators at the gateway; and
/// what they may say there. Both sides show a certificate of the cluster's CA.
/// </summary>
internal static class SiloGate
{
    private static readonly PeerRole[] s_members = [PeerRole.Silo];
    private static readonly PeerRole[] s_clients = [PeerRole.Silo, PeerRole.Api, PeerRole.Host, PeerRole.Admin];

    /// <summary>The connection whose handshake is going on; the package's callback does not say which one it is.</summary>
    private static readonly AsyncLocal<Attempt?> s_attempt = new();

    /// <summary>Without certificates, as on the loopback address, it changes nothing.</summary>
    /// <exception cref="OperatingFaultException">They cannot be used, or are not a silo's.</exception>
    public static ISiloBuilder UseClusterCertificates(this ISiloBuilder silo, CertificateFiles? files)
    {
        if (files is null)
        {
            return silo;
        }

        ClusterCertificates own = ClusterCertificates.Open(files, TimeProvider.System);
        if (own.Self.Role != PeerRole.Silo)
        {
            throw new OperatingFaultException(
                $"The certificate in {files.Certificate} is of {own.Self}; this process needs a silo's: 'nova-manage certificate silo'.",
                mayRetry: false);
        }

        // It writes a refusal as an exception with its stack, and does not say from where; RefusalLog writes the line.
        silo.Services.AddLogging(logs => logs.AddFilter("Orleans.Connections.Security", LogLevel.None));
        silo.Services.AddSingleton<RefusalLog>();
        return silo.AddIncomingGrainCallFilter<CallGuard>()
            .Configure<SiloConnectionOptions>(o =>
            {
                o.ConfigureSiloInboundConnection(c => Admit(c, own, "silo port", s_members));
                o.ConfigureGatewayInboundConnection(c =>
                {
                    Admit(c, own, "gateway", s_clients);
                    Guard(c);
                });
                o.ConfigureSiloOutboundConnection(c => c.UseToSilos(own));
            });
    }

    private static void Admit(IConnectionBuilder connection, ClusterCertificates own, string door, PeerRole[] roles)
    {
        RefusalLog refusals = connection.ApplicationServices.GetRequiredService<RefusalLog>();
        connection.Use(next => async context =>
        {
            Attempt attempt = new();
            s_attempt.Value = attempt;
            await next(context);
            if (!attempt.Admitted)
            {
                refusals.Connection(door, context.RemoteEndPoint, attempt.Why
                    ?? "no TLS handshake came about: it spoke plain TCP, showed no certificate, or turned this silo's down");
            }
        });
        connection.UseServerTls(new TlsOptions
        {
            LocalServerCertificateSelector = (_, _) => own.Own,
            RemoteCertificateValidation = (certificate, chain, _) =>
            {
                string? why = own.WhyNot(certificate, chain, CertificatePurpose.Client, roles);
                if (s_attempt.Value is { } attempt)
                {
                    attempt.Why = why;
                }

                return why is null;
            },
            OnAuthenticateAsServer = (_, options) =>
                ((SslServerAuthenticationOptions)options.SslServerAuthenticationOptions).AllowTlsResume = false,
        });
        connection.Use(next => context =>
        {
            s_attempt.Value!.Admitted = true;
            s_attempt.Value = null;
            return next(context);
        });
    }

    /// <summary>From here on the connection speaks for the holder of its certificate alone.</summary>
    private static void Guard(IConnectionBuilder connection)
    {
        RefusalLog refusals = connection.ApplicationServices.GetRequiredService<RefusalLog>();
        SerializerSessionPool sessions = connection.ApplicationServices.GetRequiredService<SerializerSessionPool>();
        connection.Use(next => async context =>
        {
            Peer peer = PeerNames.Of(context.Features.Get<ITlsConnectionFeature>()!.RemoteCertificate!)!;
            IDuplexPipe transport = context.Transport;
            context.Transport = new Duplex(
                new GatewayFrames(transport.Input, new FrameCheck(peer, sessions), why =>
                    refusals.Frame(context.RemoteEndPoint, peer.ToString(), why)),
                transport.Output);
            try
            {
                await next(context);
            }
            finally
            {
                context.Transport = transport;
            }
        });
    }

    private sealed class Attempt
    {
        public bool Admitted { get; set; }

        public string? Why { get; set; }
    }
}
