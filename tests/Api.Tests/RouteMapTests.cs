using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Http;

namespace NovaOrleans.Api;

/// <summary>The prefix is the core's, and no pattern gets out of it (S100 to S103).</summary>
public sealed class RouteMapTests
{
    private readonly NetworkServiceRouteMap _map = new(new TestService("test.net.blue"));

    [Fact]
    [Trait("seed", "S57"), Trait("seed", "S62"), Trait("seed", "S100"), Trait("seed", "S101")]
    public void A_pattern_is_served_below_version_and_name()
    {
        _map.Map(HttpMethod.Get, "networks/{id}", Role.Reader, Nothing, new RouteDescription("One"));
        Assert.Equal(
            ["/v1.1/blue/networks/{id}", "/v1.1/blue/tenants/{tenant}/networks/{id}",
                "/v1.0/blue/networks/{id}", "/v1.0/blue/tenants/{tenant}/networks/{id}"],
            _map.Routes.Select(r => r.Pattern));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/networks")]
    [InlineData("/v1.1/red/networks")]
    [InlineData("~/networks")]
    [InlineData("../red/networks")]
    [InlineData("networks/../../red")]
    [InlineData("networks/..")]
    [InlineData("./networks")]
    [InlineData("%2e%2e/red")]
    [InlineData("..\\red")]
    [InlineData("networks//ports")]
    [InlineData("networks/")]
    [InlineData("net works")]
    [InlineData("networks#x")]
    [InlineData("{id")]
    [InlineData("extensions")]
    [InlineData("tenants/{id}/networks")]
    [InlineData("networks/{tenant}")]
    [Trait("seed", "S102"), Trait("seed", "S103")]
    public void A_pattern_that_is_none_or_would_leave_the_prefix_throws(string pattern)
    {
        ArgumentException wrong = Assert.Throws<ArgumentException>(
            () => _map.Map(HttpMethod.Get, pattern, Role.Reader, Nothing, new RouteDescription("x")));
        Assert.Contains($"test.net.blue cannot map '{pattern}'", wrong.Message, StringComparison.Ordinal);
        Assert.Empty(_map.Routes);
    }

    [Fact]
    public void The_same_verb_and_path_twice_throws_whatever_the_parameters_are_called()
    {
        _map.Map(HttpMethod.Get, "networks/{id}", Role.Reader, Nothing, new RouteDescription("One"));
        _map.Map(HttpMethod.Put, "networks/{id}", Role.Member, Nothing, new RouteDescription("Other verb"));
        Assert.Throws<ArgumentException>(() => _map.Map(HttpMethod.Get, "Networks/{uuid}", Role.Reader, Nothing, new RouteDescription("Again")));
    }

    private static Task<ApiAnswer> Nothing(ApiRequest request) => Task.FromResult(ApiAnswer.NoContent);
}
