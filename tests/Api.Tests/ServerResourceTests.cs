using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using NovaOrleans.Api.Servers;
using NovaOrleans.Http;
using NovaOrleans.Instances;
using NovaOrleans.Ledger;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api;

/// <summary>The whole record of a server, in both formats, to be read aloud.</summary>
public sealed class ServerResourceTests
{
    private static readonly DateTimeOffset Then = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    [Fact]
    [Trait("seed", "S40")]
    public void A_server_in_json() => Assert.Equal(
        """
        {"server":{"id":"00000000-0000-0000-0000-000000000001","name":"web","status":"ERROR","tenant_id":"blue",
        "hostId":"5ac3a3004fbe1149b117857f9f543420fb50b116c0b30aba5a830536","host":"node1","network_service":"test.net.blue",
        "created":"2026-03-04T05:06:07.089Z","updated":"2026-03-04T05:06:07.089Z","image":{"id":"7"},
        "fault":{"code":500,"message":"no bridge","created":"2026-03-04T05:06:07.089Z"},"metadata":{"a b":"c"},
        "vnics":["00000000-0000-0000-0000-000000000002"],
        "security_groups":[{"name":"web"}],
        "addresses":{"my net":[{"version":4,"addr":"10.0.0.7"},{"version":6,"addr":"fd00::7"}]},
        "links":[{"rel":"self","href":"http://nova:8774/v1.1/servers/00000000-0000-0000-0000-000000000001"}]}}
        """.ReplaceLineEndings(""),
        Json());

    [Fact]
    [Trait("seed", "S40")]
    public void A_server_in_xml() => Assert.Equal(
        """
        <?xml version="1.0" encoding="utf-8"?>
        <server id="00000000-0000-0000-0000-000000000001" name="web" status="ERROR" tenant_id="blue"
         hostId="5ac3a3004fbe1149b117857f9f543420fb50b116c0b30aba5a830536" host="node1" network_service="test.net.blue"
         created="2026-03-04T05:06:07.089Z" updated="2026-03-04T05:06:07.089Z"><image id="7" />
        <fault code="500" message="no bridge" created="2026-03-04T05:06:07.089Z" /><metadata><meta key="a b">c</meta></metadata>
        <vnics><vnic>00000000-0000-0000-0000-000000000002</vnic></vnics>
        <security_groups><security_group name="web" /></security_groups>
        <addresses><network id="my net"><ip version="4" addr="10.0.0.7" /><ip version="6" addr="fd00::7" /></network></addresses>
        <links><link rel="self" href="http://nova:8774/v1.1/servers/00000000-0000-0000-0000-000000000001" /></links></server>
        """.ReplaceLineEndings(""),
        Xml());

    private static Guid Id(int n) => new(n, 0, 0, new byte[8]);

    private static void Write(ResourceWriter w)
    {
        var vnicId = new VnicId(Guid.Parse("00000000-0000-0000-0000-000000000002"));
        var network = new NetworkId(Id(3));
        var blue = ServicePath.Parse("test.net.blue");
        var project = ProjectId.Parse("blue");
        var port = new PortView(
            new PortId(Id(4)), network, project, Ip4Address.Parse("10.0.0.7"), Ip6Address.Parse("fd00::7"),
            PortPhase.Held, vnicId, true, Then);
        var vnic = new VnicView(
            1, vnicId, blue, project, MacAddress.Parse("02:00:00:00:00:01"), null, [port], null, null, 1, 1, Then);
        var instance = new InstanceView(
            1, new InstanceId(Guid.Parse("00000000-0000-0000-0000-000000000001")), project, blue, "web", InstanceStatus.Error,
            HostName.Parse("node1"), [vnicId], "no bridge", Then, null)
        {
            ImageRef = "7",
            Metadata = new Dictionary<string, string> { ["a b"] = "c" },
        };
        var server = new ServerDetails(
            instance, [vnic], new Dictionary<NetworkId, string> { [network] = "my net" },
            [new InstanceGroup(instance.Id, new SecurityGroupId(Id(5)), "web")]);
        var context = new DefaultHttpContext();
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("nova", 8774);
        w.BeginRoot("server");
        ServerResource.WriteFields(w, new ApiRequest(context, project, true, new BodyReader(BodyNode.EmptyObject), null), server);
        w.EndRoot();
    }

    private static string Json()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new JsonResourceWriter(bytes);
        Write(writer);
        writer.Complete();
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Xml()
    {
        var writer = new XmlResourceWriter();
        Write(writer);
        using var bytes = new MemoryStream();
        writer.Complete(bytes);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
