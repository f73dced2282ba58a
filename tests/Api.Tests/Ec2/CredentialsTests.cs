using System.IO.Compression;

namespace NovaOrleans.Api.Ec2;

/// <summary>The archive with a project's credentials.</summary>
[Collection("facade")]
public sealed class CredentialsTests(Facade facade)
{
    [Fact]
    [Trait("seed", "S126")]
    public async Task Without_key_and_VPN_it_says_so_and_leaves_them_out()
    {
        await facade.Send("POST", "/v1.1/projects", """{"id":"bare"}""");

        (IReadOnlyDictionary<string, string> files, string[] warnings) = await Bundle("bare");

        Assert.Equal(["novarc"], files.Keys);
        Assert.Contains($"export NOVA_URL='{facade.Address.ToString().TrimEnd('/')}'\n", files["novarc"], StringComparison.Ordinal);
        Assert.DoesNotContain("EC2_", files["novarc"], StringComparison.Ordinal);
        Assert.Equal([CredentialsBundle.NoKey, CredentialsBundle.NoVpn], warnings);
        Assert.Equal(404, (await facade.Send("GET", "/v1.1/projects/nobody/credentials")).Status);
    }

    [Fact]
    [Trait("seed", "S126")]
    public async Task The_newest_key_and_the_VPN_that_the_network_service_has_are_in_it()
    {
        await facade.Send("POST", "/v1.1/projects", """{"id":"tunnelled"}""");
        await facade.Send("PUT", "/v1.1/projects/tunnelled/network_service", """{"network_service":"red"}""");
        await facade.Send("POST", "/v1.1/projects/tunnelled/ec2_keys");
        Answer key = await facade.Send("POST", "/v1.1/projects/tunnelled/ec2_keys");

        (IReadOnlyDictionary<string, string> files, string[] warnings) = await Bundle("tunnelled");

        Assert.Empty(warnings);
        Assert.Contains($"export EC2_SECRET_KEY='{key.Json["ec2_key"]!["secret_key"]}'\n", files["novarc"], StringComparison.Ordinal);
        Assert.Contains("/services/Cloud'\n", files["novarc"], StringComparison.Ordinal);
        Assert.Contains("\nremote 203.0.113.1 1000\n", files["client.ovpn"], StringComparison.Ordinal);
    }

    private async Task<(IReadOnlyDictionary<string, string> Files, string[] Warnings)> Bundle(string project)
    {
        using HttpClient http = new() { BaseAddress = facade.Address };
        http.DefaultRequestHeaders.Add("X-Auth-Token", Facade.Token);
        using HttpResponseMessage answer = await http.GetAsync(new Uri($"/v1.1/projects/{project}/credentials", UriKind.Relative));
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        using ZipArchive zip = new(await answer.Content.ReadAsStreamAsync());
        Dictionary<string, string> files = [];
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using StreamReader reader = new(entry.Open());
            files[entry.Name] = await reader.ReadToEndAsync();
        }

        return (files, answer.Headers.TryGetValues(CredentialsRoutes.WarningHeader, out IEnumerable<string>? told) ? [.. told] : []);
    }
}
