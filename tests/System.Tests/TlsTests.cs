using System.Text.Json.Nodes;
using NovaOrleans.Testing;

namespace NovaOrleans.Systems;

/// <summary>The server as a process with a certificate, and nova-manage that trusts it and nobody else.</summary>
public sealed class TlsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Tokens_are_made_used_and_revoked_over_https()
    {
        using var files = new TestCertificate("nova");
        await using NovaServer server = new();
        string url = $"https://127.0.0.1:{FreePorts.One()}";
        await server.Start("--urls", $"{server.Address};{url}", "--tls_certificate", files.Certificate, "--tls_key", files.Key);

        (int exit, string output, _) = await Manage(
            url, files, server.Token, "token", "create", "ci", "--project", "demo", "--role", "reader", "--expires", "2h", "--json");
        Assert.Equal(0, exit);
        JsonNode made = JsonNode.Parse(output)!["token"]!;
        string token = (string)made["token"]!;
        (exit, output, _) = await Manage(url, files, token, "server", "list");
        Assert.Equal((0, "0 rows"), (exit, output.Trim().Split('\n')[^1].Trim()));
        (exit, _, string errors) = await Manage(url, files, token, "project", "list");
        Assert.Equal((1, "nova-manage: Only an admin may do this."), (exit, errors.Trim()));
        (exit, output, _) = await Manage(url, files, server.Token, "token", "list");
        Assert.Contains((string)made["id"]!, output, StringComparison.Ordinal);
        Assert.DoesNotContain(token[^43..], output, StringComparison.Ordinal);
        Assert.Equal(0, (await Manage(url, files, server.Token, "token", "revoke", (string)made["id"]!)).Exit);

        (exit, _, errors) = await Manage(url, null, server.Token, "project", "list");
        Assert.Equal(3, exit);
        Assert.Contains("certificate", errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Beyond_the_loopback_address_it_does_not_start_without_tls()
    {
        DirectoryInfo data = Directory.CreateTempSubdirectory("nova-tls-");
        await using NovaProcess open = NovaProcess.Start(
            "Silo", "run", "--data", data.FullName, "--urls", "http://0.0.0.0:8774", "--keystone_password", "x");
        (int exit, _, string errors) = await open.Ended(Limit);
        data.Delete(recursive: true);
        Assert.Equal(2, exit);
        Assert.Contains("listens with TLS only", errors, StringComparison.Ordinal);
        Assert.Contains("NOVA_KEYSTONE_PASSWORD", errors, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Errors)> Manage(
        string url, TestCertificate? trusted, string token, params string[] words)
    {
        string[] trust = trusted is null ? [] : ["--ca", trusted.Certificate];
        await using NovaProcess manage = NovaProcess.Start("Manage", [.. words, "--url", url, "--token", token, .. trust]);
        return await manage.Ended(Limit);
    }
}
