using System.Xml.Linq;
using NovaOrleans.Api.Catalogue;
using NovaOrleans.Hosts;

namespace NovaOrleans.Api.Ec2;

/// <summary>What there is to launch from and where: images, the region, the zone.</summary>
internal sealed class CloudActions(IGrainFactory grains, MachineCatalogue catalogue) : IEc2Actions
{
    private static readonly Dictionary<string, Func<Image, IEnumerable<string?>>> Filters = new()
    {
        ["image-id"] = i => [i.Ec2Id],
        ["name"] = i => [i.Name],
        ["state"] = _ => ["available"],
        ["is-public"] = _ => ["true"],
    };

    public IEnumerable<(string Name, Role Least, Ec2Action Action)> Actions() =>
    [
        ("DescribeImages", Role.Reader, Images),
        ("DescribeRegions", Role.Reader, Regions),
        ("DescribeAvailabilityZones", Role.Reader, Zones),
    ];

    private Task<Ec2Answer> Images(Ec2Call call)
    {
        IReadOnlyList<string> ids = call.Parameters.List("ImageId");
        Ec2Filters<Image> filters = Ec2Filters<Image>.Read(call.Parameters, Filters);
        // All images are the operator's and everybody's: these narrow nothing.
        call.Parameters.Ignore("Owner");
        call.Parameters.Ignore("ExecutableBy");
        if (call.Parameters.Faults() is { } fault)
        {
            return Task.FromResult<Ec2Answer>(fault);
        }

        if (ids.FirstOrDefault(id => catalogue.Images.All(i => i.Ec2Id != id)) is { } missing)
        {
            return Task.FromResult<Ec2Answer>(
                new Ec2Fault("InvalidAMIID.NotFound", $"There is no image '{BodyText.Shown(missing)}'."));
        }

        IEnumerable<Image> shown = catalogue.Images.Where(i => (ids.Count == 0 || ids.Contains(i.Ec2Id)) && filters.Shows(i));
        return Task.FromResult(Ec2Answer.Of(Ec2Answer.List("imagesSet", shown.Select(Content))));
    }

    private static Task<Ec2Answer> Regions(Ec2Call call)
    {
        IReadOnlyList<string> names = call.Parameters.List("RegionName");
        call.Parameters.Ignore("AllRegions");
        if (call.Parameters.Faults() is { } fault)
        {
            return Task.FromResult<Ec2Answer>(fault);
        }

        HttpRequest request = call.Context.Request;
        object[] region =
        [
            new XElement("regionName", Ec2Instance.Zone),
            new XElement("regionEndpoint", $"{request.Scheme}://{request.Host}{Ec2Endpoint.Path}"),
        ];
        return Task.FromResult(Named(names, "regionInfo", region));
    }

    private async Task<Ec2Answer> Zones(Ec2Call call)
    {
        IReadOnlyList<string> names = call.Parameters.List("ZoneName");
        call.Parameters.Ignore("AllAvailabilityZones");
        if (call.Parameters.Faults() is { } fault)
        {
            return fault;
        }

        IReadOnlyList<HostView> hosts = await grains.GetGrain<ISchedulerGrain>(0).List();
        bool live = hosts.Any(h => h.Status == HostStatus.Live);
        return Named(names, "availabilityZoneInfo",
        [
            new XElement("zoneName", Ec2Instance.Zone),
            new XElement("zoneState", live ? "available" : "unavailable"),
            new XElement("regionName", Ec2Instance.Zone),
        ]);
    }

    /// <summary>The one that there is, unless others are asked for.</summary>
    private static Ec2Answer Named(IReadOnlyList<string> names, string list, object[] one) =>
        names.FirstOrDefault(n => n != Ec2Instance.Zone) is { } other
            ? Ec2Fault.Invalid("RegionName or ZoneName", other, $"{Ec2Instance.Zone}, the only one")
            : Ec2Answer.Of(Ec2Answer.List(list, [one]));

    private static object Content(Image image) => new object[]
    {
        new XElement("imageId", image.Ec2Id),
        new XElement("imageState", "available"),
        new XElement("imageOwnerId", "admin"),
        new XElement("isPublic", "true"),
        new XElement("imageType", "machine"),
        new XElement("name", image.Name),
        new XElement("description", image.Boot is null ? "There is nothing to boot in it." : ""),
    };
}
