using System.Text;
using System.Text.Json.Nodes;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Metadata;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests.Metadata;

/// <summary>What a guest reads of itself, and who it is taken for.</summary>
public sealed class MetadataTests
{
    [Fact]
    [Trait("seed", "S55")]
    public void A_guest_reads_what_its_launch_said_and_what_its_host_was_told()
    {
        GuestIdentity guest = new(Spec(42), Binding(Spec(42), "10.5.0.7") with
        {
            FloatingIps = [new FloatingAddress(Ip4Address.Parse("203.0.113.9"), Ip4Address.Parse("10.5.0.7"), null)],
        }, ["default", "web"]);

        Assert.Equal("i-0000002a", Read(guest, "/2009-04-04/meta-data/instance-id"));
        Assert.Equal("10.5.0.7", Read(guest, "/latest/meta-data/local-ipv4"));
        Assert.Equal("203.0.113.9", Read(guest, "/latest/meta-data/public-ipv4"));
        Assert.Equal("my-web", Read(guest, "/latest/meta-data/hostname"));
        Assert.Equal("default\nweb", Read(guest, "/latest/meta-data/security-groups"));
        Assert.Equal("r-00c0ffee", Read(guest, "/2021-03-23/meta-data/reservation-id"));
        Assert.Equal("2", Read(guest, "/latest/meta-data/ami-launch-index"));
        Assert.Equal("nova", Read(guest, "/latest/meta-data/placement/availability-zone"));
        Assert.Equal("#!/bin/sh\n", Read(guest, "/latest/user-data"));
        Assert.Equal("2009-04-04/\nlatest/\nopenstack/", Read(guest, "/"));
        Assert.Equal("meta-data/\nuser-data", Read(guest, "/latest/"));
        Assert.Contains("placement/", Read(guest, "/latest/meta-data/")!.Split('\n'));
        Assert.Null(Read(guest, "/latest/meta-data/public-keys"));
        Assert.Null(Read(guest, "/newest/meta-data/"));
        JsonNode json = JsonNode.Parse(Read(guest, "/openstack/latest/meta_data.json")!)!;
        Assert.Equal((Spec(42).Id.ToString(), "blue"), ((string?)json["uuid"], (string?)json["meta"]!["team"]));
    }

    [Fact]
    public void What_is_not_known_is_not_there()
    {
        InstanceSpec bare = Spec(7) with { Facts = InstanceFacts.None with { Number = 7 } };
        GuestIdentity guest = new(bare, Binding(bare, "10.5.0.7"), []);

        Assert.Equal("r-00000007", Read(guest, "/latest/meta-data/reservation-id"));
        foreach (string path in (string[])["ami-id", "instance-type", "public-ipv4", "security-groups"])
        {
            Assert.Null(Read(guest, $"/latest/meta-data/{path}"));
        }

        Assert.Null(Read(guest, "/latest/user-data"));
    }

    [Fact]
    public void Guests_with_one_address_on_two_networks_are_told_apart_by_their_bridge()
    {
        (HostAssignment assignment, DesiredHost desired) = TwoOnOneAddress();

        MetadataDirectory directory = MetadataDirectory.Of(assignment, desired);

        Assert.Equal(1, directory.Find("bra", "10.5.0.7")!.Instance.Facts.Number);
        Assert.Equal(2, directory.Find("brb", "10.5.0.7")!.Instance.Facts.Number);
        Assert.Null(directory.Find("bra", "10.5.0.8"));
        Assert.Null(directory.Find("brc", "10.5.0.7"));
        Assert.Equal(["bra", "brb"], directory.Bridges.Order());
    }

    /// <summary>Instance 1 on bridge bra and instance 2 on brb, both with 10.5.0.7.</summary>
    internal static (HostAssignment Assignment, DesiredHost Desired) TwoOnOneAddress()
    {
        DesiredHost desired = DesiredHost.Empty;
        List<HostRecord> records = [];
        foreach ((int number, string bridge) in new[] { (1, "bra"), (2, "brb") })
        {
            InstanceSpec spec = Spec(number);
            HostBinding binding = Binding(spec, "10.5.0.7");
            GuestPort port = new(GuestPort.NameOf(binding.Vnic), binding.Vnic, spec.Id, 0, bridge, binding.Info.MacAddress, 1500);
            records.Add(new BindRecord(number, spec, binding));
            desired = desired with
            {
                Ports = desired.Ports.Add(port.Name, new PlacedPort(port, new GuestSpace("g"), binding.Service)),
                Bridges = desired.Bridges.Add(bridge, new Bridge(bridge, 1500, null, ["10.5.0.1/24"])),
            };
        }

        return (new HostAssignment(1, 0).With(1, new HostRecords(2, true, records)), desired);
    }

    private static string? Read(GuestIdentity guest, string path) =>
        MetadataDirectory.Read(guest, path) is { } text ? Encoding.UTF8.GetString(text) : null;

    private static InstanceSpec Spec(int number)
    {
        Guid id = new(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, (byte)number);
        return new InstanceSpec(new InstanceId(id), "My web", ProjectId.Parse("blue"), [new VnicId(id)])
        {
            Facts = new InstanceFacts(
                number, "http://cloud/v1.1/images/7", "m1.tiny", new LaunchDetails("r-00c0ffee", 2, "mine"),
                Convert.ToBase64String("#!/bin/sh\n"u8), new Dictionary<string, string> { ["team"] = "blue" }),
        };
    }

    private static HostBinding Binding(InstanceSpec spec, string address)
    {
        MacAddress.TryFromBits(0x02_00_00_00_00_00UL | (uint)spec.Facts.Number, out MacAddress mac);
        return new HostBinding(
            spec.Nics[0], spec.Id, 0, 1, ServicePath.Parse("test.one"), spec.Project, spec.Name, null,
            new NetworkInfo(mac, Ip4Address.Parse(address), Cidr4.Parse("10.5.0.0/24")));
    }
}
