using System.Text.Json.Nodes;

namespace NovaOrleans.Api;

/// <summary>
/// Bodies that are wrong, as they come over the wire: 400, a code, and a sentence that names the field or the place.
/// </summary>
[Collection("facade")]
public sealed class BodyTests(Facade facade)
{
    private const string Networks = "/v1.1/blue/networks";

    [Theory]
    [InlineData("""{"label": "a",}""", "line 1, position 15")]
    [InlineData("{\n \"label\": 'a'}", "line 2, position 11")]
    [InlineData("""{"label": "a"} trailing""", "position 16")]
    [InlineData("""["label"]""", "not a JSON object")]
    [InlineData("""{"label":"a","label":"b"}""", "'label' occurs twice")]
    [InlineData("{\"label\":\"\\ud800\"}", "no text")]
    [InlineData("<network label='a'", "line 1")]
    [InlineData("<network label='a'/><more/>", "line 1, position 22")]
    [InlineData("<network label='a' xmlns:n='urn:n' n:label='b'/>", "'label' occurs twice")]
    [InlineData("<!DOCTYPE network [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><network label='&e;'/>", "document type")]
    [InlineData("<!DOCTYPE network><network label='a'/>", "document type")]
    [InlineData("<network label='&undeclared;'/>", "line 1")]
    public async Task A_body_that_cannot_be_read_says_where(string body, string place)
    {
        Answer answer = await facade.Send("POST", Networks, body, "blue", ("Accept", "application/json"));
        Assert.Equal((400, "malformedRequest"), (answer.Status, answer.Json.Single().Key));
        Assert.Contains(place, answer.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', answer.Message);
    }

    [Theory]
    [InlineData("""{"label":"a","colour":"red"}""", "colour", "is not known here")]
    [InlineData("""{"network":{"label":"a","colour":"red"}}""", "network.colour", "is not known here")]
    [InlineData("""{"network":{"label":"a"},"colour":"red"}""", "colour", "is not known here")]
    [InlineData("""{"network":{"cidr":"10.0.0.0/24"}}""", "network.label", "is missing")]
    [InlineData("""{"label":"a","cidr":"10.0.0.7/24"}""", "cidr", "without its host bits it is 10.0.0.0/24")]
    [InlineData("""{"label":"a","cidr":"010.0.0.0/24"}""", "cidr", "an IPv4 prefix without host bits")]
    [InlineData("""{"label":"a","vlan":4095}""", "vlan", "a whole number from 1 to 4094")]
    [InlineData("""{"label":"a","vlan":0}""", "vlan", "a whole number from 1 to 4094")]
    [InlineData("""{"label":"a","vlan":1.5}""", "vlan", "a whole number from 1 to 4094")]
    [InlineData("""{"label":"a\"b"}""", "label", "printable characters")]
    [InlineData("""{"label":"a\nb"}""", "label", "'a?b'")]
    [InlineData("""{"label":"a;b"}""", "label", "printable characters")]
    [InlineData("""{"label":"a","bridge":"br 0; reboot"}""", "bridge", "letters, digits")]
    [InlineData("""{"label":"a","bridge":"-all"}""", "bridge", "beginning with a letter")]
    [InlineData("""{"label":"a","multi_host":"perhaps"}""", "multi_host", "true or false")]
    [InlineData("""{"label":"a","dns":["10.0.0.1","dns.example"]}""", "dns[1]", "IPv4 address")]
    [InlineData("""{"label":"a","dns":"10.0.0.1"}""", "dns", "a list")]
    [InlineData("""<network label="a" vlan="4095"/>""", "network.vlan", "a whole number from 1 to 4094")]
    [InlineData("""<network label="a"><colour>red</colour></network>""", "network.colour", "is not known here")]
    [InlineData("""<network label="a"><dns><server>x</server></dns></network>""", "network.dns[0]", "IPv4 address")]
    public async Task A_wrong_field_is_named_with_what_is_accepted(string body, string field, string sentence)
    {
        Answer answer = await facade.Send("POST", Networks, body, "blue", ("Accept", "application/json"));
        Assert.Equal((400, "malformedRequest"), (answer.Status, answer.Json.Single().Key));
        JsonNode fault = Assert.Single(answer.Fault["faults"]!.AsArray())!;
        Assert.Equal(field, (string?)fault["field"]);
        Assert.Contains(field, answer.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_faults_of_a_body_are_told_at_once()
    {
        Answer answer = await facade.Send("POST", Networks, """{"cidr":"10.0.0.7/24","vlan":4095,"x":1}""", "blue");
        Assert.Equal(["label", "cidr", "vlan", "x"], answer.Fault["faults"]!.AsArray().Select(f => (string?)f!["field"]));
    }

    [Theory]
    [InlineData("""{"network":{"label":"a b","dns":["10.0.0.1","10.0.0.2"],"cidr":"10.0.0.0/24","vlan":7,"multi_host":true}}""")]
    [InlineData("""
        <network label="a b" cidr="10.0.0.0/24" vlan="7" multi_host="true">
          <dns><server>10.0.0.1</server><server>10.0.0.2</server></dns>
        </network>
        """)]
    [InlineData("""
        <n:network xmlns:n="urn:nova" vlan="7">
          <label>a b</label><cidr>10.0.0.0/24</cidr><multi_host>true</multi_host><dns>10.0.0.1</dns><dns>10.0.0.2</dns>
        </n:network>
        """)]
    [Trait("seed", "S60")]
    public async Task What_goes_in_in_either_format_comes_out_in_both(string body)
    {
        Answer json = await facade.Send("POST", Networks, body, "blue", ("Accept", "application/json"));
        Assert.Equal(
            """{"network":{"label":"a b","dns":["10.0.0.1","10.0.0.2"],"cidr":"10.0.0.0/24","vlan":7,"bridge":null,"multi_host":true}}""",
            json.Text);
        Answer xml = await facade.Send("POST", Networks, body, "blue", ("Accept", "application/xml"));
        Assert.Equal(
            """
            <?xml version="1.0" encoding="utf-8"?><network label="a b" cidr="10.0.0.0/24" vlan="7" multi_host="true">
            <dns><server>10.0.0.1</server><server>10.0.0.2</server></dns></network>
            """.ReplaceLineEndings(""),
            xml.Text);
        Answer again = await facade.Send("POST", Networks, xml.Text, "blue", ("Accept", "application/json"));
        Assert.Equal(json.Text, again.Text);
    }

    [Fact]
    [Trait("seed", "S60")]
    public async Task A_list_of_one_in_xml_is_a_list()
    {
        (string, string) json = ("Accept", "application/json");
        Answer one = await facade.Send(
            "POST", Networks, """<network label="a"><dns><server>10.0.0.1</server></dns></network>""", "blue", json);
        Assert.Equal("""["10.0.0.1"]""", one.Json["network"]!["dns"]!.ToJsonString());
        Answer none = await facade.Send("POST", Networks, """<network label="a"><dns/></network>""", "blue", json);
        Assert.Equal("[]", none.Json["network"]!["dns"]!.ToJsonString());
    }

    [Fact]
    public async Task Bodies_are_at_most_32_deep()
    {
        string json = string.Concat(Enumerable.Repeat("""{"a":""", 33)) + "1" + new string('}', 33);
        Answer deep = await facade.Send("POST", Networks, json, "blue");
        Assert.Equal(400, deep.Status);
        Assert.Contains("depth of 32", deep.Message, StringComparison.Ordinal);
        string xml = string.Concat(Enumerable.Repeat("<a>", 33)) + string.Concat(Enumerable.Repeat("</a>", 33));
        deep = await facade.Send("POST", Networks, xml, "blue", ("Accept", "application/json"));
        Assert.Contains("more than 32 deep", deep.Message, StringComparison.Ordinal);
    }
}
