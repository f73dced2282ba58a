using System.Globalization;
using System.Net.Http.Headers;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Api.Ec2;
using NovaOrleans.Api.Ec2.Signing;
using NovaOrleans.Ec2;
using NovaOrleans.Routes;
using NovaOrleans.Vocabulary;
using Xunit.Abstractions;

namespace NovaOrleans.Access;

/// <summary>Every action of EC2's API, as each kind of signer meets it; the actions and their roles are the endpoint's own.</summary>
[Collection("built-in cloud")]
public sealed class Ec2MatrixTests(BuiltInCloud cloud, ITestOutputHelper output)
{
    [Fact]
    public async Task Every_action_lets_in_whom_its_rule_names_and_nobody_else()
    {
        IReadOnlyDictionary<string, Role> actions = cloud.Facade.GetRequiredService<Ec2Endpoint>().Actions;
        string project = await cloud.Project("flat_dhcp");
        (Ec2Key reader, Ec2Key member) = (await Key(project, Role.Reader), await Key(project, Role.Member));
        Ec2Key stranger = await Key(await cloud.Project("flat_dhcp"), Role.Member);
        string group = await GroupOf(member);
        List<string> wrong = [];
        int cells = 0;
        foreach ((string action, Role least) in actions)
        {
            await Cell("no signature", null, code => code == "MissingAuthenticationToken");
            await Cell("bad signature", member with { Secret = "another" }, code => code == "SignatureDoesNotMatch");
            await Cell("unknown key", member with { AccessKey = "NOBODY" }, code => code == "InvalidClientTokenId");
            await Cell("expired", member, code => code == "RequestExpired", age: 16);
            await Cell("reader", reader, code => (code == "UnauthorizedOperation") == (least > Role.Reader));
            await Cell("member", member, code => code != "UnauthorizedOperation");
            await Cell("other project", stranger, code => code != "UnauthorizedOperation");

            async Task Cell(string who, Ec2Key? key, Func<string?, bool> expected, int age = 0)
            {
                (int status, string text) = await Ask(action, key, age);
                string? code = XElement.Parse(text).Descendants().FirstOrDefault(e => e.Name.LocalName == "Code")?.Value;
                bool told = who == "other project" && text.Contains(group, StringComparison.Ordinal);
                cells++;
                if (!expected(code) || status >= 500 || told)
                {
                    wrong.Add($"{who}: {action}: {status} {text}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        output.WriteLine($"figure: EC2 authorisation matrix, {actions.Count} actions, {cells} cells checked, {wrong.Count} wrong");
    }

    private async Task<string> GroupOf(Ec2Key key)
    {
        (int status, string text) = await Ask("CreateSecurityGroup", key, 0, ("GroupName", "own"), ("GroupDescription", "own"));
        Assert.True(status == 200, text);
        return XElement.Parse(text).Descendants().First(e => e.Name.LocalName == "groupId").Value;
    }

    private async Task<Ec2Key> Key(string project, Role role) =>
        (await cloud.Grains.GetGrain<IEc2KeyRingGrain>(project).CreateAs(role, "test", null)).Value;

    private async Task<(int Status, string Text)> Ask(string action, Ec2Key? key, int minutesAgo, params (string, string)[] more)
    {
        List<KeyValuePair<string, string>> form =
            [new("Action", action), .. more.Select(m => KeyValuePair.Create(m.Item1, m.Item2))];
        if (key is not null)
        {
            DateTimeOffset made = TimeProvider.System.GetUtcNow().AddMinutes(-minutesAgo);
            form.AddRange([
                new("AWSAccessKeyId", key.AccessKey), new("SignatureMethod", SignatureV2.Sha256), new("SignatureVersion", "2"),
                new("Timestamp", made.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))]);
            SignedMessage message = new(
                "POST", Ec2Endpoint.Path, [], form, new Dictionary<string, string> { ["host"] = cloud.Address.Authority }, default);
            form.Add(new("Signature", Convert.ToBase64String(SignatureV2.Of(key.Secret, message, SignatureV2.Sha256))));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, Ec2Endpoint.Path)
        {
            Content = new StringContent(SignedMessage.Canonical(form)),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded");
        Reply reply = await cloud.Send(request);
        return (reply.Status, reply.Text);
    }
}
