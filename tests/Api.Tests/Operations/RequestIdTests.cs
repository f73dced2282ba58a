using NovaOrleans.Hosts;

namespace NovaOrleans.Api.Operations;

/// <summary>Every answer has the id of its request, faults name it, and it goes along to the host.</summary>
[Collection("facade")]
public sealed class RequestIdTests(Facade facade)
{
    [Fact]
    public async Task An_id_of_the_callers_own_comes_back_in_the_answer_and_in_a_fault()
    {
        Answer answer = await facade.Send("GET", "/v1.1/hosts", headers: ("X-Request-Id", "ann:2026-11.7_a"));
        Assert.Equal((200, "ann:2026-11.7_a"), (answer.Status, answer.RequestId));
        Answer fault = await facade.Send("GET", "/v1.1/nowhere", headers: ("X-Request-Id", "ann-8"));
        Assert.Equal(("ann-8", "ann-8"), (fault.RequestId, (string?)fault.Fault["request_id"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("two words")]
    [InlineData("<script>")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task Without_one_that_can_stand_in_a_log_one_is_made(string? given)
    {
        (string, string)[] headers = given is null ? [] : [("X-Request-Id", given)];
        Answer one = await facade.Send("GET", "/v1.1/hosts", headers: headers);
        Answer two = await facade.Send("GET", "/v1.1/hosts", headers: headers);
        Assert.StartsWith("req-", one.RequestId, StringComparison.Ordinal);
        Assert.NotEqual(one.RequestId, two.RequestId);
    }

    [Fact]
    public async Task The_hosts_record_names_the_request_that_asked_for_it()
    {
        await facade.Open("node-traced");
        await facade.Send("POST", "/v1.1/blue/networks", """{"network":{"label":"traced"}}""", "blue");
        Answer launched = await facade.Send(
            "POST", "/v1.1/servers", """{"server":{"name":"traced","host":"node-traced"}}""", "blue", ("X-Request-Id", "launch-1"));
        Assert.Equal(202, launched.Status);
        IHostGrain host = facade.Grains.GetGrain<IHostGrain>("node-traced");
        await Testing.Poll.Until(
            async () => (await host.Snapshot()).Records.OfType<BindRecord>().Any(r => r.Request == "launch-1"),
            "the host is told, for the request");
        string id = (string)launched.Json["server"]!["id"]!;
        await facade.Send("DELETE", $"/v1.1/servers/{id}", null, "blue", ("X-Request-Id", "end-1"));
        await Testing.Poll.Until(
            async () => (await host.Snapshot()).Records.OfType<TeardownRecord>().Any(r => r.Request == "end-1"),
            "the host is to take it away, for the request");
    }
}
