using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using NovaOrleans.Api.Callers.Keystone;
using NovaOrleans.Api.Listening;
using NovaOrleans.Testing;

namespace NovaOrleans.Api;

/// <summary>Where the API listens and with what, and what it reads of a request before anybody is asked who it is.</summary>
[Collection("facade")]
public sealed class ListeningTests(Facade facade)
{
    private const string Long = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("http://127.0.0.1:8774", null)]
    [InlineData("http://localhost:8774;http://[::1]:8774", null)]
    [InlineData("http://unix:/run/nova.sock", null)]
    [InlineData("http://0.0.0.0:8774", "listens with TLS only")]
    [InlineData("http://*:8774", "listens with TLS only")]
    [InlineData("http://nova.example.org:8774", "listens with TLS only")]
    [InlineData("http://127.0.0.1:1;http://192.0.2.1:2", "192.0.2.1")]
    [InlineData("https://0.0.0.0:8774", "https needs --tls_certificate")]
    [InlineData("ftp://127.0.0.1", "accepted are URLs")]
    [InlineData("nothing", "accepted are URLs")]
    public void Beyond_the_loopback_address_it_listens_with_tls_only(string urls, string? sentence)
    {
        IEnumerable<string> faults = ListenAddresses.Faults(urls, Settings());
        Assert.True(sentence is null ? !faults.Any() : faults.Single().Contains(sentence, StringComparison.Ordinal), string.Join('\n', faults));
    }

    [Fact]
    public void With_a_certificate_and_a_long_token_or_behind_a_proxy_it_may()
    {
        IConfiguration certificate = Settings(("tls_certificate", "a"), ("tls_key", "b"));
        ListenAddresses.Check("https://0.0.0.0:8774", certificate, Long);
        ListenAddresses.Check("http://127.0.0.1:8774", certificate, "a-short-token-here");
        Assert.Contains("32 at least", Refused(() => ListenAddresses.Check("https://0.0.0.0:8774", certificate, "a-short-token-here")), StringComparison.Ordinal);
        Assert.Contains("TLS only", Refused(() => ListenAddresses.Check("http://0.0.0.0:8774", certificate, Long)), StringComparison.Ordinal);
        ListenAddresses.Check("http://0.0.0.0:8774", Settings(("behind_tls_proxy", "true")), Long);
        Assert.Equal("http://*:8080", ListenAddresses.Of(Settings(("http_ports", "8080"))));
        Assert.Contains("TLS only", Refused(() => NovaApiOptions.From(Settings(("http_ports", "8080")), Long, null)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Https_answers_plain_http_is_refused_and_a_renewed_certificate_is_used()
    {
        using var files = new TestCertificate("first");
        await using WebApplication app = facade.Build(
            new NovaApiOptions { AdminToken = Facade.Token, Certificate = new ServerCertificate(files.Certificate, files.Key, new Hurried()) },
            "https://127.0.0.1:0");
        await app.StartAsync();
        var address = new Uri(app.Urls.First());
        Assert.Equal(Uri.UriSchemeHttps, address.Scheme);
        Assert.Equal("CN=first", await Seen(address, files.Certificate));
        await Assert.ThrowsAsync<HttpRequestException>(() => Seen(new UriBuilder(address) { Scheme = "http" }.Uri, files.Certificate));
        await Assert.ThrowsAsync<HttpRequestException>(() => Seen(address, null));

        files.Renew("second");
        await Poll.Until(async () => await Seen(address, files.Certificate) == "CN=second", "the renewed certificate is shown");
    }

    [Fact]
    public void A_certificate_without_its_key_or_with_anothers_stops_the_start()
    {
        using var one = new TestCertificate("one");
        using var two = new TestCertificate("two");
        Assert.Contains("together", Refused(() => ServerCertificate.From(Settings(("tls_certificate", one.Certificate)), TimeProvider.System)), StringComparison.Ordinal);
        Assert.Contains("cannot be used", Refused(() => _ = new ServerCertificate(one.Certificate, two.Key, TimeProvider.System)), StringComparison.Ordinal);
        Assert.Contains("cannot be used", Refused(() => _ = new ServerCertificate("/nowhere", two.Key, TimeProvider.System)), StringComparison.Ordinal);
    }

    [Fact]
    public void Keystones_service_user_comes_from_a_file_or_the_environment_and_no_argument()
    {
        Assert.Null(KeystoneOptions.From(Settings()));
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "# who asks\nusername = nova\npassword = a=b#c\nproject=services\n");
        KeystoneOptions read = KeystoneOptions.From(Settings(
            ("keystone_url", "http://127.0.0.1:5000/v3"), ("keystone_credentials", file), ("keystone_cache_seconds", "60"),
            ("keystone_admin_roles", "boss, owner"), ("keystone_reader_roles", "auditor,boss")))!;
        File.Delete(file);
        Assert.Equal(("nova", "a=b#c", "services", "Default", 60), (read.Username, read.Password, read.Project, read.UserDomain, (int)read.Cache.TotalSeconds));
        Assert.Equal("http://127.0.0.1:5000/v3/", read.Url.AbsoluteUri);
        Assert.Equal((Role.Admin, Role.Member, Role.Reader, Role.None),
            (read.Strongest(["auditor", "BOSS"]), read.Strongest(["member", "auditor"]), read.Strongest(["auditor"]), read.Strongest(["admin"])));
        Assert.Contains("NOVA_KEYSTONE_PASSWORD", Refused(() => KeystoneOptions.From(
            Settings(("keystone_url", "http://127.0.0.1:5000/v3"), ("keystone_username", "nova")))), StringComparison.Ordinal);
        Assert.Contains("0 to 300", Refused(() => KeystoneOptions.From(Settings(
            ("keystone_url", "http://127.0.0.1:5000/v3"), ("keystone_username", "a"), ("keystone_password", "b"),
            ("keystone_cache_seconds", "301")))), StringComparison.Ordinal);
        Assert.True(KeystoneOptions.IsPasswordIn(["run", "--keystone_password=x"]));
        Assert.False(KeystoneOptions.IsPasswordIn(["run", "--keystone_credentials", "/etc/nova/keystone"]));
    }

    [Theory]
    [InlineData(70, 10, "/", 431)]
    [InlineData(40, 500, "/", 431)]
    [InlineData(10, 10, "/?long", 414)]
    [InlineData(40, 10, "/", 200)]
    public async Task Headers_and_paths_are_bounded(int count, int length, string path, int status)
    {
        string target = path == "/?long" ? $"/?{new string('a', 9_000)}" : path;
        var request = new StringBuilder($"GET {target} HTTP/1.1\r\nHost: nova\r\nConnection: close\r\n");
        for (int i = 0; i < count; i++)
        {
            request.Append($"X-{i}: {new string('a', length)}\r\n");
        }

        using var socket = new TcpClient();
        await socket.ConnectAsync(facade.Address.Host, facade.Address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request + "\r\n"));
        using var reader = new StreamReader(socket.GetStream());
        Assert.Equal($"HTTP/1.1 {status}", (await reader.ReadLineAsync())?[..12]);
    }

    [Theory]
    [InlineData("requests_per_second", "0")]
    [InlineData("request_burst", "many")]
    [InlineData("requests_in_flight", "-1")]
    public void A_limit_that_is_none_is_refused(string name, string value) =>
        Assert.Contains($"--{name} was '{value}'", Refused(() => NovaApiOptions.From(Settings((name, value)), Long, null)), StringComparison.Ordinal);

    /// <summary>The subject of the certificate that it shows, to one who trusts the file alone.</summary>
    private static async Task<string> Seen(Uri address, string? authorities)
    {
        string subject = "";
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = authorities is null ? null : Certificates.TrustOnly(authorities);
        handler.ConnectCallback = async (context, stop) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new NetworkStream(socket, ownsSocket: true);
        };
        handler.PlaintextStreamFilter = (context, _) =>
        {
            subject = (context.PlaintextStream as System.Net.Security.SslStream)?.RemoteCertificate?.Subject ?? "";
            return ValueTask.FromResult(context.PlaintextStream);
        };
        using var http = new HttpClient(handler) { BaseAddress = address };
        using HttpResponseMessage answer = await http.GetAsync("/healthz");
        Assert.Equal(200, (int)answer.StatusCode);
        return subject;
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();

    private static string Refused(Action act) => Assert.Throws<OperatingFaultException>(act).Message;

    /// <summary>A clock by which every look comes long after the one before.</summary>
    private sealed class Hurried : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => Interlocked.Add(ref _now, TimestampFrequency * 60);
    }
}
