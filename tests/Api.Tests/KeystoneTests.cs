using System.Text;
using Microsoft.AspNetCore.Builder;
using NovaOrleans.Api.Callers.Keystone;
using NovaOrleans.Testing;
using NovaOrleans.Testing.Keystone;
using Xunit.Abstractions;

namespace NovaOrleans.Api;

/// <summary>
/// A real Keystone before two facades of a silo of their own, for Keystone takes its time to start: one that asks it every time, and one that takes its word for 300 s. Both have
/// Keystone's project <c>alpha</c>, whose people have the roles of the same names here, and <c>beta</c>.
/// </summary>
[Trait("tier", "keystone")]
public sealed class KeystoneTests(Facade facade, ITestOutputHelper output) : IClassFixture<Facade>
{
    private const string Groups = "/v1.1/os-security-groups";

    [Fact]
    public async Task Valid_revoked_expired_and_another_projects_tokens_of_a_real_keystone()
    {
        await using KeystoneServer keystone = await KeystoneServer.Start();
        string admin = await keystone.LogIn("admin", "service");
        string alpha = await keystone.MakeProject(admin, "alpha");
        await keystone.MakeRole(admin, "nova_boss");
        await keystone.MakeRole(admin, "dancer");
        foreach ((string user, string role) in (IEnumerable<(string, string)>)
            [("ann", "member"), ("rita", "reader"), ("bo", "nova_boss"), ("nell", "dancer")])
        {
            await keystone.MakeUser(admin, user, alpha, role);
        }

        string beta = await keystone.MakeProject(admin, "beta");
        await keystone.MakeUser(admin, "bert", beta, "member");
        await using WebApplication asking = await Start(keystone, TimeSpan.Zero);
        await using WebApplication trusting = await Start(keystone, TimeSpan.FromSeconds(300));

        string ann = await keystone.LogIn("ann", "alpha");
        string group = await Valid(asking, ann, alpha);
        await OfAnotherProject(asking, await keystone.LogIn("bert", "beta"), alpha, group);
        await Roles(asking, keystone, group);
        Is(200, await Get(trusting, ann, Groups));
        await keystone.Revoke(ann);
        Is(401, await Get(asking, ann, Groups), "not known here, or it was revoked");
        await Expired(trusting, keystone);

        string still = await keystone.LogIn("bert", "beta");
        Is(200, await Get(trusting, still, Groups));
        await keystone.Stop();
        Answer silent = await Get(asking, still, Groups);
        Is(503, silent, "Keystone at");
        Assert.Equal("1", silent.RetryAfter);
        Is(200, await Get(trusting, still, Groups));
        Is(200, await Get(asking, Facade.Token, "/v1.1/projects"));
        output.WriteLine("figure: real Keystone: valid 200, revoked 401, expired 401, other project 404, silent 503");
    }

    private async Task<WebApplication> Start(KeystoneServer keystone, TimeSpan cache)
    {
        WebApplication app = facade.Build(new NovaApiOptions
        {
            AdminToken = Facade.Token,
            Keystone = new KeystoneOptions
            {
                Url = keystone.Address,
                Username = "admin",
                Password = keystone.Password,
                Cache = cache,
                Patience = TimeSpan.FromMinutes(1),
                Roles = new Dictionary<string, Role>
                {
                    ["nova_boss"] = Role.Admin,
                    ["member"] = Role.Member,
                    ["reader"] = Role.Reader,
                },
            },
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>Keystone's project is known here from its first request on.</summary>
    private async Task<string> Valid(WebApplication app, string token, string project)
    {
        Assert.Equal(404, (await facade.Send("GET", $"/v1.1/projects/{project}")).Status);
        Answer made = await Ask(app, HttpMethod.Post, token, Groups, """{"security_group":{"name":"web","description":"web"}}""");
        Is(200, made);
        Answer known = await facade.Send("GET", $"/v1.1/projects/{project}");
        Assert.Equal((200, "alpha"), (known.Status, (string?)known.Json["project"]!["name"]));
        return made.Json["security_group"]!["id"]!.ToString();
    }

    private static async Task OfAnotherProject(WebApplication app, string stranger, string project, string group)
    {
        Is(404, await Get(app, stranger, $"{Groups}/{group}"), "no security group");
        Is(404, await Ask(app, HttpMethod.Delete, stranger, $"{Groups}/{group}"));
        Is(404, await Get(app, stranger, Groups, ("X-Project-Id", project)), "no project");
        Answer list = await Get(app, stranger, Groups);
        Is(200, list);
        Assert.DoesNotContain("web", list.Text, StringComparison.Ordinal);
    }

    private static async Task Roles(WebApplication app, KeystoneServer keystone, string group)
    {
        string reader = await keystone.LogIn("rita", "alpha");
        Is(200, await Get(app, reader, $"{Groups}/{group}"));
        Is(403, await Ask(app, HttpMethod.Delete, reader, $"{Groups}/{group}"));
        Is(403, await Get(app, reader, "/v1.1/projects"));
        Is(200, await Get(app, await keystone.LogIn("bo", "alpha"), "/v1.1/projects"));
        Is(403, await Get(app, await keystone.LogIn("nell", "alpha"), Groups), "None of the token's roles");
        Is(401, await Get(app, "gAAAAABnotatoken", Groups), "not known here");
    }

    /// <summary>Its end is honoured also where its word is remembered.</summary>
    private static async Task Expired(WebApplication app, KeystoneServer keystone)
    {
        await keystone.SetTokenLife(TimeSpan.FromSeconds(3));
        string token = await keystone.LogIn("ann", "alpha");
        await keystone.SetTokenLife(TimeSpan.FromHours(1));
        Answer last = await Get(app, token, Groups);
        await Poll.Until(async () => (last = await Get(app, token, Groups)).Status != 200, "the token has expired");
        Is(401, last, "expired at");
    }

    private static Task<Answer> Get(WebApplication app, string token, string path, params (string Name, string Value)[] headers) =>
        Ask(app, HttpMethod.Get, token, path, null, headers);

    private static async Task<Answer> Ask(
        WebApplication app, HttpMethod method, string token, string path, string? body = null,
        params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Auth-Token", token);
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.SendAsync(request);
        return await Answer.Read(response);
    }

    private static void Is(int status, Answer answer, string sentence = "")
    {
        Assert.True(
            answer.Status == status && answer.Text.Contains(sentence, StringComparison.Ordinal),
            $"expected {status} {sentence}, was {answer.Status}: {answer.Text}");
    }
}
