using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using NovaOrleans.Api.Catalogue;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;

namespace NovaOrleans.Api;

/// <summary>Flavors and images: the operator's list, what it means for a create, and how it is shown.</summary>
[Collection("facade")]
public sealed class CatalogueTests(Facade facade)
{
    private const string Tiny =
        """
        {"flavors": [{"id": "7", "name": "small", "memory_mib": 128}],
         "images": [{"id": "tiny", "kernel": "tiny/vmlinuz", "initrd": "tiny/initrd", "cmdline": "console=ttyS0"},
                    {"id": "disk", "name": "a disk", "disk": "d.raw", "disk_format": "raw", "drive_label": "cidata"}]}
        """;

    [Fact]
    public void Image_and_flavor_say_what_machine_it_is()
    {
        MachineCatalogue catalogue = CatalogueFile.Parse(Encoding.UTF8.GetBytes(Tiny)).Value;
        MachineSpec machine = catalogue.MachineOf("http://nova:8774/v1.1/images/tiny", "small").Value!;
        Assert.Equal((128, 1), (machine.MemoryMib, machine.Vcpus));
        Assert.Equal(("tiny/vmlinuz", "tiny/initrd", "console=ttyS0"),
            (machine.Image!.Kernel, machine.Image.Initrd, machine.Image.CommandLine));
        Assert.Equal(machine, catalogue.MachineOf(catalogue.FindImage("tiny")!.Ec2Id, null).Value);
        Assert.Equal(("d.raw", "raw", "cidata"), catalogue.FindImage("a disk")!.Boot is { } disk
            ? (disk.Disk, disk.DiskFormat, disk.DriveLabel) : default);

        Assert.Null(catalogue.MachineOf("unknown", "unknown").Value);
        Assert.Null(catalogue.MachineOf("unknown", "7").Value!.Image);
        Assert.Contains("accepted are the flavors 7 (small)", catalogue.MachineOf("tiny", "9").Refusal!.Reason);
    }

    [Theory]
    [InlineData("""{"images": [{"id": "a", "kernel": "/etc/shadow"}]}""", "images[0].kernel")]
    [InlineData("""{"images": [{"id": "a", "disk": "../../shadow"}]}""", "images[0].disk")]
    [InlineData("""{"images": [{"id": "a", "initrd": "i"}]}""", "'kernel'")]
    [InlineData("""{"images": [{"id": "a"}, {"id": "a"}]}""", "two that are called 'a'")]
    [InlineData("""{"flavors": []}""", "leave it out")]
    [InlineData("""{"flavors": [{"id": "1", "name": "x"}]}""", "flavors[0].memory_mib")]
    [InlineData("""{"pictures": []}""", "pictures")]
    public void A_wrong_list_is_refused_and_says_where(string list, string named)
    {
        Refusal refusal = CatalogueFile.Parse(Encoding.UTF8.GetBytes(list)).Refusal!;
        Assert.Contains(named, refusal.Reason);
    }

    [Fact]
    public async Task The_usual_flavors_and_images_are_listed_in_both_formats()
    {
        Answer flavors = await facade.Send("GET", "/v1.1/flavors/detail", project: "blue");
        Assert.Equal(
            ["m1.tiny 512 1", "m1.small 2048 1", "m1.medium 4096 2", "m1.large 8192 4", "m1.xlarge 16384 8"],
            flavors.Json["flavors"]!.AsArray().Select(f => $"{f!["name"]} {f["ram"]} {f["vcpus"]}"));
        Answer one = await facade.Send("GET", "/v1.1/flavors/2.xml", project: "blue");
        Assert.Equal("m1.small", one.Xml.Attribute("name")?.Value);
        Answer images = await facade.Send("GET", "/v1.1/images", project: "blue");
        string id = (string)Assert.Single(images.Json["images"]!.AsArray())!["id"]!;
        Answer image = await facade.Send("GET", $"/v1.1/images/{id}", project: "blue");
        Assert.StartsWith("ami-", (string)image.Json["image"]!["ec2_id"]!, StringComparison.Ordinal);
        Assert.Equal(404, (await facade.Send("GET", "/v1.1/images/none", project: "blue")).Status);
        Assert.True((await facade.Send("GET", "/v1.1/flavors/none", project: "blue")).Json.ContainsKey("flavorNotFound"));
    }

    [Fact]
    public async Task A_host_is_told_the_machine_that_was_asked_for()
    {
        await using WebApplication app = facade.Build(new NovaApiOptions
        {
            AdminToken = Facade.Token,
            Catalogue = CatalogueFile.Parse(Encoding.UTF8.GetBytes(Tiny)).Value,
        });
        await app.StartAsync();
        string url = $"{app.Urls.First()}/v1.1/servers";
        Answer wrong = await facade.Send("POST", url, Body("tiny", "9"), "blue");
        Assert.Equal((400, "flavorRef"), (wrong.Status, (string?)wrong.Fault["faults"]![0]!["field"]));

        Answer made = await facade.Send("POST", url, Body("tiny", "7"), "blue");
        JsonNode server = made.Json["server"]!;
        Assert.Equal(("tiny", "7"), ((string?)server["image"]!["id"], (string?)server["flavor"]!["id"]));
        HostRecords told = await facade.Grains.GetGrain<IHostGrain>("node1").Snapshot();
        BindRecord bind = Assert.Single(
            told.Records.OfType<BindRecord>(), r => r.Instance.Id.ToString() == (string?)server["id"]);
        Assert.Equal((128, "tiny/vmlinuz"), (bind.Instance.Machine!.MemoryMib, bind.Instance.Machine.Image!.Kernel));
    }

    private static string Body(string image, string flavor) => $$$"""
        {"server": {"name": "vm", "host": "node1", "imageRef": "{{{image}}}", "flavorRef": "{{{flavor}}}"}}
        """;
}
