using System.Globalization;
using System.Xml.Linq;
using NovaOrleans.Ec2;
using NovaOrleans.Instances;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Ec2;

/// <summary>An instance in EC2's words.</summary>
internal sealed record Ec2Instance(InstanceView View)
{
    /// <summary>The one zone that there is.</summary>
    public const string Zone = "nova";

    public string? ImageId { get; init; }
    public string? Type { get; init; }
    public VnicView? Vnic { get; init; }
    public string? PublicAddress { get; init; }

    /// <summary>Ids of EC2's, and names.</summary>
    public IReadOnlyList<(string Id, string Name)> Groups { get; init; } = [];

    public string Id => Ec2Ids.Of(Ec2Ids.Instance, View.RowId);

    public string Reservation => Ec2Ids.ReservationOf(View.Launch, View.RowId);

    public string? PrivateAddress =>
        Vnic?.Ports.Select(p => p.Address?.ToString()).FirstOrDefault(a => a is not null);

    /// <summary>EC2 has no word for an instance in error; nova said so in its own, and its clients know it.</summary>
    public static (int Code, string Name) StateOf(InstanceStatus status) => status switch
    {
        InstanceStatus.Building => (0, "pending"),
        InstanceStatus.Active => (16, "running"),
        InstanceStatus.Deleting => (32, "shutting-down"),
        InstanceStatus.Deleted => (48, "terminated"),
        _ => (0, "error"),
    };

    public static XElement State(string element, InstanceStatus status) => new(
        element, new XElement("code", StateOf(status).Code), new XElement("name", StateOf(status).Name));

    public static object Group((string Id, string Name) group) =>
        new object[] { new XElement("groupId", group.Id), new XElement("groupName", group.Name) };

    /// <summary>The content of the instance's item.</summary>
    public object[] Content() =>
    [
        new XElement("instanceId", Id),
        new XElement("imageId", ImageId ?? ""),
        State("instanceState", View.Status),
        new XElement("privateDnsName", View.Name),
        new XElement("dnsName", PublicAddress ?? ""),
        new XElement("reason", Fault ?? ""),
        Optional("keyName", View.Launch.KeyName),
        new XElement("amiLaunchIndex", View.Launch.Index),
        Optional("instanceType", Type),
        new XElement("launchTime", Time(View.CreatedAt)),
        new XElement("placement", new XElement("availabilityZone", Zone)),
        Optional("privateIpAddress", PrivateAddress),
        Optional("ipAddress", PublicAddress),
        Fault is null ? Array.Empty<object>() : new XElement(
            "stateReason", new XElement("code", "Server.InternalError"), new XElement("message", Fault)),
        Ec2Answer.List("groupSet", Groups.Select(Group)),
        Interfaces(),
        Ec2Answer.List("tagSet", Tags()),
    ];

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private string? Fault => View.Fault is { } fault ? BodyText.Shown(fault, 512) : null;

    private XElement Interfaces() => Ec2Answer.List("networkInterfaceSet", Vnic is null ? [] : [new object[]
    {
        new XElement("ownerId", View.Project.Value),
        new XElement("status", "in-use"),
        new XElement("macAddress", Vnic.Mac.ToString()),
        Optional("privateIpAddress", PrivateAddress),
        new XElement("attachment", new XElement("deviceIndex", 0), new XElement("status", "attached")),
    }]);

    private IEnumerable<object> Tags() => View.Metadata.Prepend(new("Name", View.Name))
        .DistinctBy(t => t.Key)
        .Select(t => (object)new object[] { new XElement("key", t.Key), new XElement("value", t.Value) });

    private static object Optional(string name, string? value) =>
        value is null ? Array.Empty<object>() : new XElement(name, value);
}
