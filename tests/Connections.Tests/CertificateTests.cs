using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Agent;
using NovaOrleans.Manage;
using NovaOrleans.Outcomes;
using NovaOrleans.Silo;
using NovaOrleans.Silo.Connections;
using NovaOrleans.Testing;

namespace NovaOrleans.Connections;

/// <summary>The files: how they are made, read, renewed, and what is told of wrong ones.</summary>
public sealed class CertificateTests : IDisposable
{
    private static readonly PeerRole[] s_all = Enum.GetValues<PeerRole>();
    private readonly Authority _authority = new();

    [Theory]
    [InlineData("silo", PeerRole.Silo, null)]
    [InlineData("api", PeerRole.Api, null)]
    [InlineData("admin", PeerRole.Admin, null)]
    [InlineData("host/Web_1.rack-2", PeerRole.Host, "Web_1.rack-2")]
    public void A_certificate_says_who_its_holder_is(string role, PeerRole expected, string? host)
    {
        ClusterCertificates own = ClusterCertificates.Open(_authority.FilesOf(role), TimeProvider.System);
        Assert.Equal((expected, host), (own.Self.Role, own.Self.Host?.Value));
        Assert.Null(own.WhyNot(own.Own, null, CertificatePurpose.Client, s_all));
        // Only silos are connected to.
        string? asServer = own.WhyNot(own.Own, null, CertificatePurpose.Server, s_all);
        Assert.Equal(role == "silo", asServer is null);
        Assert.Equal(own.Self, Peer.OfClient($"{own.Self.ClientPrefix}0123"));
    }

    [Fact]
    public void Keys_are_their_owners_alone_and_a_CA_is_made_once()
    {
        CertificateFiles files = _authority.FilesOf("silo");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(files.Key));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.ChangeExtension(files.Authority, ".key")));
        var maker = new CertificateMaker(Path.GetDirectoryName(files.Authority)!, TimeProvider.System);
        Assert.Contains("is there already", Assert.Throws<ApiFault>(() => maker.MakeAuthority(1)).Message, StringComparison.Ordinal);
        Assert.Contains("fewer --days", Assert.Throws<ApiFault>(() => maker.Issue("silo", 300)).Message, StringComparison.Ordinal);
        Assert.Contains("is no host name", Assert.Throws<ApiFault>(() => maker.Issue("host/a/b", 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_files_count_for_new_connections_and_broken_ones_change_nothing()
    {
        CertificateFiles files = _authority.FilesOf("host/host1");
        var clock = new HandedClock();
        ClusterCertificates own = ClusterCertificates.Open(files, clock);
        string before = own.Own.Thumbprint;
        _authority.FilesOf("host/host1");
        File.SetLastWriteTimeUtc(files.Certificate, DateTime.UnixEpoch);
        Assert.Equal(before, own.Own.Thumbprint);
        clock.Advance();
        string renewed = own.Own.Thumbprint;
        Assert.NotEqual(before, renewed);

        File.WriteAllText(files.Key, "half a key");
        clock.Advance();
        Assert.Equal(renewed, own.Own.Thumbprint);
        File.Delete(files.Key);
        clock.Advance();
        Assert.Equal(renewed, own.Own.Thumbprint);
    }

    [Fact]
    public void A_certificate_of_another_CA_or_without_a_role_is_refused_before_it_is_used()
    {
        using Authority other = new();
        CertificateFiles mixed = other.FilesOf("silo") with { Authority = _authority.FilesOf("silo").Authority };
        OperatingFaultException fault =
            Assert.Throws<OperatingFaultException>(() => ClusterCertificates.Open(mixed, TimeProvider.System));
        Assert.Contains("is not this cluster's", fault.Message, StringComparison.Ordinal);

        CertificateFiles gone = mixed with { Certificate = "/nowhere.pem" };
        Assert.Contains(
            "/nowhere.pem", Assert.Throws<OperatingFaultException>(() => ClusterCertificates.Open(gone, TimeProvider.System)).Message,
            StringComparison.Ordinal);
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(mixed.Authority);
        Assert.Null(PeerNames.Of(authority));
    }

    [Fact]
    public void A_cluster_beyond_the_loopback_address_has_certificates()
    {
        Assert.Contains("beyond the loopback address", Fault(("address", "192.0.2.7")), StringComparison.Ordinal);
        Assert.Contains("--cluster_key and --cluster_ca is missing", Fault(("cluster_certificate", "x")), StringComparison.Ordinal);
        CertificateFiles files = _authority.FilesOf("silo");
        (string, string)[] all =
            [("cluster_certificate", files.Certificate), ("cluster_key", files.Key), ("cluster_ca", files.Authority)];
        Assert.Equal("", Fault([("address", "192.0.2.7"), .. all]));
        Assert.Contains("--agent needs --agent_certificate", Fault([("agent", "fake"), .. all]), StringComparison.Ordinal);
        Assert.Contains("is for a cluster", Fault([("database", null!), .. all]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_with_another_hosts_certificate_says_so_before_it_connects()
    {
        AgentOptions options = new() { Host = "host1", State = "/tmp", Certificates = _authority.FilesOf("host/host1") };
        Assert.True(new AgentOptionsValidator().Validate(null, options).Succeeded);
        foreach ((string role, string whose) in new[] { ("host/host2", "host host2"), ("silo", "silo") })
        {
            string told = new AgentOptionsValidator().Validate(null, options with { Certificates = _authority.FilesOf(role) }).FailureMessage!;
            Assert.Contains($"is of {whose}, and this is the agent of host host1", told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_silo_does_not_start_with_a_certificate_of_another_role()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        CertificateFiles files = _authority.FilesOf("api");
        OperatingFaultException fault = Assert.Throws<OperatingFaultException>(
            () => { builder.UseOrleans(silo => silo.UseClusterCertificates(files)); });
        Assert.Contains("is of api; this process needs a silo's", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nova_manage_makes_them_and_says_what_is_next()
    {
        string folder = Path.Combine(Path.GetDirectoryName(_authority.FilesOf("api").Certificate)!, "new");
        (int exit, string said) = await Manage("certificate", "host", "web1", "--folder", folder);
        Assert.Equal(2, exit);
        Assert.Contains("make one with 'nova-manage certificate ca'", said, StringComparison.Ordinal);
        (exit, said) = await Manage("certificate", "ca", "--folder", folder);
        Assert.Equal(0, exit);
        Assert.Contains("Next: nova-manage certificate silo", said, StringComparison.Ordinal);
        (exit, said) = await Manage("certificate", "host", "web1", "--folder", folder);
        Assert.Equal(0, exit);
        Assert.Contains($"--cluster_certificate {folder}/host-web1.pem --cluster_key {folder}/host-web1.key", said, StringComparison.Ordinal);
    }

    public void Dispose() => _authority.Dispose();

    private static async Task<(int Exit, string Said)> Manage(params string[] words)
    {
        await using NovaProcess process = NovaProcess.Start("Manage", words);
        (int exit, string output, string errors) = await process.Ended(TimeSpan.FromMinutes(1));
        return (exit, output + errors);
    }

    private static string Fault(params (string Name, string Value)[] given)
    {
        Dictionary<string, string?> settings = new() { ["database"] = "Host=127.0.0.1" };
        foreach ((string name, string value) in given)
        {
            settings[name] = value;
        }

        (_, IReadOnlyList<string> faults) =
            SiloOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        return string.Join(' ', faults);
    }

    /// <summary>Moves when it is told to, by more than files are left unlooked at.</summary>
    private sealed class HandedClock : TimeProvider
    {
        private long _seconds = 1;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds;

        public void Advance() => _seconds += 2;
    }
}
