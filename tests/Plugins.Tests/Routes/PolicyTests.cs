using System.Text.Json.Nodes;
using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Routes;

/// <summary>What the services do differently: where a project's VNIC goes, and whether there is a VPN.</summary>
[Collection("built-in cloud")]
public sealed class PolicyTests(BuiltInCloud cloud)
{
    [Theory]
    [InlineData("flat")]
    [InlineData("flat_dhcp")]
    [Trait("seed", "S119"), Trait("seed", "S129"), Trait("seed", "R2"), Trait("seed", "R13")]
    public async Task A_flat_network_without_project_is_shared_and_only_an_admin_changes_it(string service)
    {
        string network = (await cloud.Send(
            $"POST {service}/networks", await cloud.Project(service),
            $$$"""{"network":{"cidr":"{{{cloud.FreshCidr()}}}","project_id":null}}""")).Is(201).Id;
        string[] projects = [await cloud.Project(service), await cloud.Project(service)];
        foreach (string project in projects)
        {
            VnicId vnic = await DefaultVnic(service, project);
            Reply card = (await cloud.Send($"GET {service}/ethernet_cards/{vnic}", project)).Is(200);
            Assert.NotNull(card.Resource["network_info"]!["ip_address"]);
            Reply ports = (await cloud.Send($"GET {service}/networks/{card.Resource["ports"]![0]!["network_id"]}/ports", project)).Is(200);
            Assert.Single(ports.Json["ports"]!.AsArray());
        }

        JsonArray listed = (await cloud.Send($"GET {service}/networks", projects[0])).Is(200).Json["networks"]!.AsArray();
        Assert.Contains(network, listed.Select(n => (string)n!["id"]!));
        (await cloud.Send($"GET {service}/networks/{network}", projects[0])).Is(200);
    }

    [Fact]
    [Trait("seed", "S113"), Trait("seed", "S119"), Trait("seed", "S124"), Trait("seed", "S125")]
    [Trait("seed", "S129"), Trait("seed", "D4")]
    public async Task A_vlan_network_is_taken_by_the_first_project_that_needs_one_and_by_no_other()
    {
        string maker = await cloud.Project("vlan");
        string network = (await cloud.Send(
            "POST vlan/networks", maker,
            $$$"""{"network":{"cidr":"{{{cloud.FreshCidr()}}}","project_id":null,"priority":0}}""")).Is(201).Id;
        string first = await cloud.Project("vlan");
        string second = await cloud.Project("vlan");
        VnicId vnic = await DefaultVnic("vlan", first);
        Reply card = (await cloud.Send($"GET vlan/ethernet_cards/{vnic}", first)).Is(200);
        Assert.Equal(network, (string)card.Resource["ports"]![0]!["network_id"]!);
        Assert.Equal(first, (string)(await cloud.Send($"GET vlan/networks/{network}", first)).Is(200).Resource["project_id"]!);
        Outcome<VnicId> refused = await Os("vlan").GetDefaultVnicId(ProjectId.Parse(second), VnicId.New());
        Assert.Equal(RefusalCode.NoMoreNetworks, refused.Refusal?.Code);
        (await cloud.Send($"GET vlan/networks/{network}", second)).Is(404);
        Assert.Null(await Os("vlan").GetProjectVpnAddressAndPort(ProjectId.Parse(second)));
        VpnEndpoint? vpn = await Os("vlan").GetProjectVpnAddressAndPort(ProjectId.Parse(first));
        Assert.Equal("198.51.100.1", vpn?.Address);
        Assert.InRange(vpn!.Port, 1000, 65535);
        Assert.Null(await Os("flat").GetProjectVpnAddressAndPort(ProjectId.Parse(first)));
        Assert.Null(await Os("flat_dhcp").GetProjectVpnAddressAndPort(ProjectId.Parse(first)));
    }

    [Theory]
    [InlineData("flat")]
    [InlineData("flat_dhcp")]
    [InlineData("vlan")]
    [Trait("seed", "R8")]
    public async Task An_admin_takes_a_network_from_a_project_and_gives_it_to_another(string service)
    {
        string first = await cloud.Project(service), second = await cloud.Project(service);
        string network = (await cloud.Send(
            $"POST {service}/networks", first, $$$"""{"network":{"cidr":"{{{cloud.FreshCidr()}}}"}}""")).Is(201).Id;
        string show = $"GET {service}/networks/{network}", act = $"POST {service}/networks/{network}/action";
        (await cloud.Send(act, first, """{"disassociate":null}""")).Is(202);
        Assert.Null((await cloud.Send(show, first)).Is(200).Resource["project_id"]);
        (await cloud.Send(act, second, $$"""{"associate_project":"{{second}}"}""")).Is(202);
        Assert.Equal(second, (string?)(await cloud.Send(show, second)).Is(200).Resource["project_id"]);
        (await cloud.Send(show, first)).Is(404);
        (await cloud.Send(act, second, """{"associate_host":"node1"}""")).Is(404);
        (await cloud.Send(act, second, """{"disassociate":null,"associate_host":"node1"}""")).Is(400);
    }

    private async Task<VnicId> DefaultVnic(string service, string project)
    {
        var id = VnicId.New();
        var owner = ProjectId.Parse(project);
        Outcome<VnicId>[] made =
            [await Os(service).GetDefaultVnicId(owner, id), await Os(service).GetDefaultVnicId(owner, id)];
        Assert.All(made, m => Assert.Equal(id, m.Value));
        return id;
    }

    private IOsService Os(string service) => cloud.Services.OsService(ServicePath.Parse($"nova.network.{service}")).Value;
}
