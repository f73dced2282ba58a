using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace NovaOrleans.Api;

/// <summary>Every refusal in both formats, and what happens when something breaks.</summary>
[Collection("facade")]
public sealed class FaultTests(Facade facade)
{
    /// <summary>Status and number of each code: the API's promise, so written out here once more.</summary>
    private static readonly Dictionary<RefusalCode, (int Status, int Code)> Promised = new()
    {
        [RefusalCode.MalformedRequest] = (400, 400),
        [RefusalCode.Unauthorized] = (401, 401),
        [RefusalCode.Forbidden] = (403, 403),
        [RefusalCode.NetworkNotFound] = (404, 420),
        [RefusalCode.NetworkInUse] = (409, 421),
        [RefusalCode.PortNotFound] = (404, 430),
        [RefusalCode.RequestedStateInvalid] = (409, 431),
        [RefusalCode.PortInUse] = (409, 432),
        [RefusalCode.AlreadyAttached] = (409, 440),
        [RefusalCode.VnicNotFound] = (404, 404),
        [RefusalCode.VnicInUse] = (409, 409),
        [RefusalCode.InstanceNotFound] = (404, 404),
        [RefusalCode.ProjectNotFound] = (404, 404),
        [RefusalCode.HostNotFound] = (404, 404),
        [RefusalCode.NoHostAvailable] = (409, 409),
        [RefusalCode.NoMoreAddresses] = (409, 409),
        [RefusalCode.NoMoreNetworks] = (409, 409),
        [RefusalCode.AddressUnavailable] = (409, 409),
        [RefusalCode.MacInUse] = (409, 409),
        [RefusalCode.CidrConflict] = (409, 409),
        [RefusalCode.VlanConflict] = (409, 409),
        [RefusalCode.KeyReused] = (409, 409),
        [RefusalCode.Conflict] = (409, 409),
        [RefusalCode.NetworkClosing] = (409, 409),
        [RefusalCode.NoSuchNetworkService] = (400, 400),
        [RefusalCode.QuotaExceeded] = (413, 413),
        [RefusalCode.Stale] = (409, 409),
        [RefusalCode.NotImplemented] = (501, 501),
        [RefusalCode.ServiceUnavailable] = (503, 470),
        [RefusalCode.NotFound] = (404, 404),
        [RefusalCode.TooLarge] = (413, 413),
        [RefusalCode.UnsupportedMediaType] = (415, 415),
        [RefusalCode.MethodNotAllowed] = (405, 405),
        [RefusalCode.FlavorNotFound] = (404, 404),
        [RefusalCode.ImageNotFound] = (404, 404),
        [RefusalCode.SecurityGroupNotFound] = (404, 404),
        [RefusalCode.SecurityRuleNotFound] = (404, 404),
        [RefusalCode.SecurityGroupInUse] = (409, 409),
        [RefusalCode.FloatingIpNotFound] = (404, 404),
        [RefusalCode.FloatingIpInUse] = (409, 409),
        [RefusalCode.NoMoreFloatingIps] = (409, 409),
        [RefusalCode.TokenNotFound] = (404, 404),
        [RefusalCode.TooManyRequests] = (429, 429),
        [RefusalCode.NetworkServiceFailed] = (500, 471),
    };

    public static TheoryData<RefusalCode> Codes => [.. Enum.GetValues<RefusalCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    [Trait("seed", "R26")]
    public async Task A_refusal_is_the_same_fault_in_json_and_in_xml(RefusalCode code)
    {
        string name = char.ToLowerInvariant(code.ToString()[0]) + code.ToString()[1..];
        Answer json = await facade.Send("GET", $"/v1.1/blue/refusals/{code}");
        Assert.Equal(Promised[code].Status, json.Status);
        Assert.Equal(name, json.Json.Single().Key);
        Assert.Equal(Promised[code].Code, (int)json.Fault["code"]!);
        Assert.Equal("It is so.", json.Message);
        Assert.Equal(code.ToString(), (string?)json.Fault["reason"]);
        Assert.Equal("the subject", (string?)json.Fault["subject"]);
        Assert.Equal(253, (int)json.Fault["size"]!);
        Assert.Equal("soon", (string?)json.Fault["next_free_at"]);
        JsonArray faults = json.Fault["faults"]!.AsArray();
        Assert.Equal(["the_field", "another_field"], faults.Select(f => (string?)f!["field"]));
        Assert.Equal(["It is so.", "And so."], faults.Select(f => (string?)f!["message"]));

        Answer inXml = await facade.Send("GET", $"/v1.1/blue/refusals/{code}.xml");
        XElement xml = inXml.Xml;
        Assert.Equal((json.Status, name), (inXml.Status, xml.Name.ToString()));
        Assert.Equal((int)json.Fault["code"]!, (int)xml.Attribute("code")!);
        Assert.Equal("253", xml.Attribute("size")?.Value);
        Assert.Equal(
            ["the_field", "another_field"],
            xml.Element("faults")!.Elements("fault").Select(f => f.Attribute("field")?.Value));
    }

    [Fact]
    public async Task The_documentation_has_every_fault_with_its_status_and_number()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Facade.Root, "docs", "api.md"));
        foreach ((RefusalCode code, (int status, int number)) in Promised)
        {
            string name = char.ToLowerInvariant(code.ToString()[0]) + code.ToString()[1..];
            Assert.Contains($"| `{name}` | {status} | {number} |", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("operating", "the disk is full")]
    [InlineData("timeout", "may or may not be done")]
    [Trait("seed", "R26")]
    public async Task What_may_be_repeated_is_503_with_retry_after(string kind, string sentence)
    {
        Answer answer = await facade.Send("GET", $"/v1.1/blue/faults/{kind}");
        Assert.Equal((503, "serviceUnavailable", "1"), (answer.Status, answer.Json.Single().Key, answer.RetryAfter));
        Assert.Contains(sentence, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("seed", "R26")]
    public async Task A_bug_is_500_with_a_request_id_and_nothing_of_the_inside()
    {
        Answer answer = await facade.Send("GET", "/v1.1/blue/faults/bug");
        Assert.Equal((500, "pluginFault", 471), (answer.Status, answer.Json.Single().Key, (int)answer.Fault["code"]!));
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(" at NovaOrleans", answer.Text, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty((string?)answer.Fault["subject"]));
    }

    [Theory]
    [InlineData("GET", "/nothing")]
    [InlineData("GET", "/v1.1/blue/nothing")]
    [InlineData("GET", "/v1.1/green/networks")]
    [InlineData("GET", "/blue/v1.1/networks")]
    [InlineData("GET", "/v2.0/blue/networks")]
    [InlineData("GET", "/v1.1/blue/../../networks/x")]
    [Trait("seed", "S57")]
    public async Task An_unknown_route_is_404_in_the_envelope(string method, string path)
    {
        Answer answer = await facade.Send(method, path);
        Assert.Equal((404, "notFound", "application/json"), (answer.Status, answer.Json.Single().Key, answer.Type));
        Assert.Equal("notFound", (await facade.Send(method, path + ".xml")).Xml.Name.ToString());
    }

    [Fact]
    public async Task A_method_that_a_route_has_not_is_405_and_says_which_it_has()
    {
        Answer answer = await facade.Send("DELETE", "/v1.1/blue/networks");
        Assert.Equal((405, "methodNotAllowed", "GET, POST"), (answer.Status, answer.Json.Single().Key, answer.Allow));
    }
}
