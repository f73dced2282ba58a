using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Api.Ec2;
using NovaOrleans.Api.Routes;
using NovaOrleans.Routes;
using NovaOrleans.Vocabulary;
using Xunit.Abstractions;

namespace NovaOrleans.Access;

/// <summary>
/// Every route of the core and of every network service, as each kind of caller meets it. Nothing here lists routes: they are the
/// route table's, and what is expected of each follows from its own rule.
/// </summary>
public sealed class AccessMatrixTests(BuiltInCloud cloud, ITestOutputHelper output) : IClassFixture<BuiltInCloud>
{
    private static readonly string[] Services = ["flat", "flat_dhcp", "vlan", "l2", "vxlan"];

    private readonly ConcurrentQueue<string> _wrong = new();
    private int _cells;

    private IReadOnlyList<ApiRoute> Routes => cloud.Facade.GetRequiredService<ApiRouteTable>().Routes;

    [Fact]
    public void Every_endpoint_has_a_rule()
    {
        string[] without = [.. cloud.Facade.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ApiRoute>() is null && e.RoutePattern.RawText != Ec2Endpoint.Path)
            .Select(e => e.RoutePattern.RawText!)];
        Assert.Empty(without);
        Assert.DoesNotContain(Routes, r => r.Access == Api.Routes.Access.None);
        Assert.DoesNotContain(cloud.Facade.GetRequiredService<Ec2Endpoint>().Actions, a => a.Value == Role.None);
    }

    [Fact]
    public async Task Every_route_lets_in_whom_its_rule_names_and_nobody_else()
    {
        // The examples' own range, which the first network of the next service shall not have.
        _ = cloud.FreshCidr();
        Dictionary<string, Tenants> tenants = [];
        foreach (string service in Services)
        {
            tenants[service] = await Tenants.Of(cloud, service);
        }

        await tenants["flat_dhcp"].MakeCoreObjects("matrix");
        // First what strangers see, while all is as its owners made it.
        await Parallel.ForEachAsync(Routes, s_eight, async (route, _) => await Isolated(route, Of(route)));
        await Parallel.ForEachAsync(Routes, s_eight, async (route, _) => await Ruled(route, Of(route)));

        Assert.True(_wrong.IsEmpty, $"{_wrong.Count} cells are wrong:\n{string.Join('\n', _wrong)}");
        Assert.True(_cells > 7 * Routes.Count);
        output.WriteLine($"figure: authorisation matrix, {Routes.Count} routes, {_cells} cells checked, {_wrong.Count} wrong");

        Tenants Of(ApiRoute route) => tenants[route.Service?.Name ?? "flat_dhcp"];
    }

    private static readonly ParallelOptions s_eight = new() { MaxDegreeOfParallelism = 8 };

    /// <summary>A cell for each caller, expected by the route's rule.</summary>
    private async Task Ruled(ApiRoute route, Tenants of)
    {
        bool open = route.Access == Api.Routes.Access.Open;
        string path = Tenants.Unknown(route, of.Own);
        await Cell("no token", null, null, open ? null : (401, "has no token"));
        await Cell("bad token", of.Bad, null, open ? null : (401, "not known here"));
        await Cell("expired", of.Expired, null, open ? null : (401, "expired at"));
        await Cell("other project", of.Stranger, of.Own, open ? null : (404, of.Own));
        await Cell("reader", of.Reader, null, route.Least > Role.Reader ? (403, "") : null);
        await Cell("member", of.Member, null, route.Least > Role.Member ? (403, "") : null);
        await Cell("admin", BuiltInCloud.Token, of.Own, null);

        Task Cell(string who, string? token, string? project, (int Status, string Sentence)? refused) => Check(
            $"{who}: {route}", new Ask(route, path, token, project),
            r => refused is { } expected
                ? r.Status == expected.Status && r.Text.Contains(expected.Sentence, StringComparison.Ordinal)
                : r.Status is not (401 or 403 or 500) && (open || r.Status is < 500 or 501));
    }

    /// <summary>A stranger asks for another project's object as if it were its own: it is not there, and no list has it.</summary>
    private async Task Isolated(ApiRoute route, Tenants of)
    {
        if (!route.ForProject)
        {
            return;
        }

        var ask = new Ask(route, of.Known(route, of.Other), of.Stranger, null);
        if (Tenants.IsOfObject(route))
        {
            await Check($"stranger: {ask}", ask, r => r.Status == 404 || (r.Status == 501 && of.Service == "flat"));
        }
        else if (route.Method == HttpMethod.Get)
        {
            await Check(
                $"stranger: {ask}", ask,
                r => r.Status is 200 or 501 && !of.Secrets.Any(s => r.Text.Contains(s, StringComparison.OrdinalIgnoreCase)));
        }
    }

    private async Task Check(string cell, Ask ask, Func<Reply, bool> expected)
    {
        using HttpRequestMessage request = ask.Message();
        Reply reply = await cloud.Send(request);
        Interlocked.Increment(ref _cells);
        if (!expected(reply))
        {
            _wrong.Enqueue($"{cell}: {reply.Status} {reply.Text}");
        }
    }

    private sealed record Ask(ApiRoute Route, string Path, string? Token, string? Project)
    {
        public HttpRequestMessage Message()
        {
            var message = new HttpRequestMessage(Route.Method, Path);
            if (Token is not null)
            {
                message.Headers.Add("X-Auth-Token", Token);
            }

            if (Project is not null)
            {
                message.Headers.Add("X-Project-Id", Project);
            }

            if (Route.Method != HttpMethod.Get && Route.Method != HttpMethod.Delete)
            {
                message.Content = new StringContent(Route.Description.RequestExample ?? "{}", Encoding.UTF8, "application/json");
            }

            return message;
        }

        public override string ToString() => $"{Route.Method} {Path}";
    }
}
