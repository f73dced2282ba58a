using System.Text.Json.Nodes;

namespace NovaOrleans.Api;

/// <summary>What an instance's NICs are to be, what their host says, and why a packet passes: over the wire.</summary>
[Collection("facade")]
public sealed class ServerNetworkTests(Facade facade)
{
    [Fact]
    public async Task A_servers_network_is_told_with_the_revision_that_its_host_reported()
    {
        Answer made = await facade.Send("POST", "/v1.1/servers", """{"server":{"name":"seen"}}""", project: "blue");
        Assert.Equal(202, made.Status);
        string id = (string)made.Json["server"]!["id"]!, vnic = (string)made.Json["server"]!["vnics"]![0]!;

        JsonNode network = (await facade.Send("GET", $"/v1.1/servers/{id}/network", project: "blue")).Json["network"]!;
        JsonNode nic = Assert.Single(network["nics"]!.AsArray())!;
        Assert.Equal(
            (vnic, "ACTIVE", 13),
            ((string?)nic["vnic_id"], (string?)nic["port_state"], nic["info"]!.AsObject().Count));
        Assert.Contains((string?)nic["state"], (string[])["pending", "applied", "failed"]);
        Assert.Equal(404, (await facade.Send("GET", $"/v1.1/servers/{id}/network", project: "red")).Status);

        Answer alone = await facade.Send("GET", $"/v1.1/vnics/{vnic}/explain", project: "blue");
        Assert.Equal((200, "allowed"), (alone.Status, (string?)alone.Json["flow"]!["verdict"]));
        Answer xml = await facade.Send("GET", $"/v1.1/vnics/{vnic}/explain.xml?to=203.0.113.7&protocol=tcp&port=22", project: "blue");
        Assert.Equal("flow", xml.Xml.Name.LocalName);
        Assert.Equal(404, (await facade.Send("GET", $"/v1.1/vnics/{vnic}/explain", project: "red")).Status);
    }

    [Theory]
    [InlineData("to=nowhere", "'to'")]
    [InlineData("to=10.0.0.1&from=10.0.0.2", "'from'")]
    [InlineData("to=10.0.0.1&protocol=sctp", "'protocol'")]
    [InlineData("to=10.0.0.1&protocol=6", "'protocol'")]
    [InlineData("to=10.0.0.1&protocol=tcp&port=65536", "'port'")]
    public async Task A_flow_that_is_none_is_refused_by_its_word(string query, string named)
    {
        Answer answer = await facade.Send("GET", $"/v1.1/vnics/{Guid.NewGuid()}/explain?{query}", project: "blue");

        Assert.Equal(400, answer.Status);
        Assert.Contains(named, answer.Message, StringComparison.Ordinal);
    }
}
