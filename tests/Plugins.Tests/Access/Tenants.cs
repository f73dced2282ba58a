using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing.Patterns;
using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Api.Routes;
using NovaOrleans.Routes;
using NovaOrleans.Tokens;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Access;

/// <summary>
/// Two projects that use the same network service: one with an object of every kind that the service's routes know, and another
/// whose people try to get at them. Of the first there are tokens of each role.
/// </summary>
internal sealed class Tenants
{
    private readonly BuiltInCloud _cloud;

    /// <summary>The owner's objects by the word that comes before them in a path.</summary>
    private readonly Dictionary<string, string> _objects = [];

    private Tenants(BuiltInCloud cloud, string service, string own, string other) =>
        (_cloud, Service, Own, Other) = (cloud, service, own, other);

    public string Service { get; }
    public string Own { get; }
    public string Other { get; }
    public string Reader { get; private set; } = "";
    public string Member { get; private set; } = "";
    public string Expired { get; private set; } = "";
    public string Stranger { get; private set; } = "";

    /// <summary>The owner's token with another secret.</summary>
    public string Bad => TokenText.TryId(Member, out Guid id) ? TokenText.New(id) : "";

    /// <summary>What must never be read in a stranger's list.</summary>
    public IEnumerable<string> Secrets => _objects.Values.Where(o => Guid.TryParse(o, out _));

    public static async Task<Tenants> Of(BuiltInCloud cloud, string service)
    {
        var made = new Tenants(cloud, service, await cloud.Project(service), await cloud.Project(service));
        made.Reader = await made.Token("reader", made.Own);
        made.Member = await made.Token("member", made.Own);
        made.Stranger = await made.Token("member", made.Other);
        made.Expired = await made.ExpiredToken();
        await (service switch
        {
            "l2" => Task.CompletedTask,
            "vxlan" => made.MakeSegmentObjects(),
            _ => made.MakeNetworkObjects(),
        });
        return made;
    }

    /// <summary>An instance in a group of its own, and what routes of the core call by other words.</summary>
    public async Task MakeCoreObjects(string host)
    {
        Reply card = await Make($"{Service}/ethernet_cards", """{"ethernet_card":{}}""");
        // Last before it: a host that nobody renews is lost after some seconds.
        await _cloud.OpenHost(host);
        Reply server = await Make("servers", $$$"""{"server":{"name":"own","vnics":["{{{card.Id}}}"],"host":"{{{host}}}"}}""", 202);
        _objects["servers"] = server.Id;
        _objects["vnics"] = card.Id;
        _objects["ips"] = "net";
        _objects["os-floating-ips"] = _objects["floating_ips"];
        Reply group = await Make("os-security-groups", """{"security_group":{"name":"own","description":"own"}}""", 200);
        _objects["os-security-groups"] = Text(group, "id");
        Reply rule = await Make(
            "os-security-group-rules",
            $$$"""{"security_group_rule":{"parent_group_id":{{{Text(group, "id")}}},"ip_protocol":"tcp","from_port":22,"to_port":22,"cidr":"0.0.0.0/0"}}""", 200);
        _objects["os-security-group-rules"] = Text(rule, "id");
    }

    public static string Unknown(ApiRoute route, string tenant) => Path(route, tenant, _ => "00000000-0000-7000-8000-00000000dead");

    /// <summary>The route's path with the owner's objects in it, in the words of whoever is in the project.</summary>
    public string Known(ApiRoute route, string tenant) => Path(route, tenant, word => _objects.TryGetValue(word, out string? id)
        ? id
        : throw new InvalidOperationException($"{route}: make an object of '{word}', so that strangers can be kept from it."));

    /// <summary>Whether the route is of one object, and not of a collection.</summary>
    public static bool IsOfObject(ApiRoute route) =>
        RoutePatternFactory.Parse(route.Pattern).Parameters.Any(p => p.Name != NetworkServiceRouteMap.TenantParameter);

    private static string Path(ApiRoute route, string tenant, Func<string, string> objectOf)
    {
        string word = "";
        List<string> parts = [];
        foreach (RoutePatternPathSegment segment in RoutePatternFactory.Parse(route.Pattern).PathSegments)
        {
            parts.Add(segment.Parts[0] switch
            {
                RoutePatternLiteralPart literal => word = literal.Content,
                RoutePatternParameterPart { Name: NetworkServiceRouteMap.TenantParameter } => tenant,
                _ => Uri.EscapeDataString(objectOf(word)),
            });
        }

        return "/" + string.Join('/', parts) + (route.Pattern.EndsWith('/') && parts.Count > 0 ? "/" : "");
    }

    private async Task MakeNetworkObjects()
    {
        string cidr = _cloud.FreshCidr();
        Reply network = await Make($"{Service}/networks", $$$"""{"network":{"label":"net","cidr":"{{{cidr}}}"}}""");
        _objects["networks"] = network.Id;
        Reply card = await Make($"{Service}/ethernet_cards", $$$"""{"ethernet_card":{"network_id":"{{{network.Id}}}"}}""");
        _objects["ethernet_cards"] = card.Id;
        _objects["ports"] = (string)card.Resource["ports"]![0]!["id"]!;
        _objects["floating_ips"] = "203.0.113.9";
        if (Service == "flat")
        {
            return;
        }

        string pool = $"matrix-{Service}";
        string range = Service == "vlan" ? "198.51.100.0/29" : "203.0.113.0/29";
        (await _cloud.Send(
            $"POST {Service}/floating_ips_bulk", null,
            $$$"""{"floating_ips_bulk_create":{"ip_range":"{{{range}}}","pool":"{{{pool}}}"}}""")).Is(201);
        _objects["floating_ips"] = (await Make($"{Service}/floating_ips", $$"""{"pool":"{{pool}}"}""")).Id;
    }

    private async Task MakeSegmentObjects()
    {
        _objects["segments"] = (await Make($"{Service}/segments", """{"segment":{"label":"own"}}""")).Id;
        _objects["endpoints"] = (await Make(
            $"{Service}/endpoints", $$$"""{"endpoint":{"segment_id":"{{{_objects["segments"]}}}"}}""")).Id;
    }

    /// <summary>As the project's own member, who is thereby seen to be let do it.</summary>
    private async Task<Reply> Make(string path, string body, int status = 201)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1.1/{path}")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Auth-Token", Member);
        return (await _cloud.Send(request)).Is(status);
    }

    private async Task<string> Token(string role, string project) => (string)(await _cloud.Send(
        "POST tokens", null, new JsonObject { ["name"] = role, ["role"] = role, ["project_id"] = project }.ToJsonString()))
        .Is(201).Resource["token"]!;

    /// <summary>One that was good until a minute ago; the API makes none.</summary>
    private async Task<string> ExpiredToken()
    {
        Guid id = TokenText.IdOf(null);
        string token = TokenText.New(id);
        DateTimeOffset end = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await _cloud.Grains.GetGrain<ITokenGrain>(id).Create(new CreateToken(
            "expired", Role.Member, ProjectId.Parse(Own), end, TokenText.HashOf(token), "test", null));
        return token;
    }

    private static string Text(Reply reply, string field) => reply.Resource[field]!.ToString();
}
