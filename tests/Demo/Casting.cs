using System.Text.Json.Nodes;

namespace NovaOrleans.Demo;

/// <summary>Makes and unmakes projects, networks and instances over HTTP, as any user would.</summary>
internal sealed class Casting(Stage stage, CancellationToken stop)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<(Troupe Of, string Server)> _servers = [];
    private readonly List<string> _projects = [];

    private Cloud Cloud => stage.Cloud;

    /// <summary>The project, its service and its network; the answer is the network's id.</summary>
    public async Task<string> Open(Troupe troupe)
    {
        await Cloud.Post("/v1.1/projects", null, new JsonObject { ["project"] = new JsonObject { ["id"] = troupe.Project } });
        _projects.Add(troupe.Project);
        await Cloud.Put(
            $"/v1.1/projects/{troupe.Project}/network_service", new JsonObject { ["network_service"] = troupe.Service });
        var wanted = (JsonObject)troupe.Network.DeepClone();
        wanted["project_id"] = troupe.Project;
        JsonNode answer = await Cloud.Post(
            $"{troupe.Prefix}/networks", troupe.Project, new JsonObject { ["network"] = wanted });
        JsonNode network = answer["network"] ?? answer["networks"]![0]!;
        return (string?)network["uuid"] ?? network["id"]!.ToString();
    }

    /// <summary>The first instance gets a card that was made for it; the second one leaves it to the service.</summary>
    public async Task Launch(Troupe troupe, string network)
    {
        JsonNode card = (await Cloud.Post(
            $"{troupe.Prefix}/ethernet_cards", troupe.Project, new JsonObject { ["network_id"] = network }))["ethernet_card"]!;
        await LaunchOne(troupe, "1", new JsonArray(card["id"]!.ToString()));
        await LaunchOne(troupe, "2", null);
    }

    public async Task<IReadOnlyList<Guest>> UntilActive()
    {
        foreach ((Troupe of, string server) in _servers)
        {
            await Wait.Until($"instance {server} of {of.Project}", Limit, async () =>
            {
                JsonNode found = (await Cloud.Get($"/v1.1/servers/{server}", of.Project))["server"]!;
                return (string?)found["status"] switch
                {
                    "ACTIVE" => null,
                    "ERROR" => throw new DemoFault($"an instance of {of.Project} failed: {found.ToJsonString()}"),
                    string other => other,
                    null => found.ToJsonString(),
                };
            }, stop);
        }

        var guests = new List<Guest>();
        foreach ((Troupe of, string server) in _servers)
        {
            guests.Add(await Describe(of, server));
        }

        return guests;
    }

    public async Task DeleteServers(IReadOnlyList<Guest> guests)
    {
        await Task.WhenAll(guests.Select(g => Cloud.Delete($"/v1.1/servers/{g.Server}", g.Of.Project)));
        foreach (Guest guest in guests)
        {
            await Wait.Until($"the end of {guest.Name}", Limit, async () =>
                (string?)(await Cloud.Find($"/v1.1/servers/{guest.Server}", guest.Of.Project))?["server"]?["status"]
                    is { } status and not "DELETED" ? status : null, stop);
        }
    }

    public async Task DeleteNetworks(IReadOnlyDictionary<Troupe, string> networks)
    {
        foreach ((Troupe troupe, string network) in networks)
        {
            JsonNode cards = await Cloud.Get($"{troupe.Prefix}/ethernet_cards", troupe.Project);
            foreach (JsonNode? card in cards["ethernet_cards"]!.AsArray())
            {
                await Cloud.Delete($"{troupe.Prefix}/ethernet_cards/{card!["id"]}", troupe.Project);
            }

            await Cloud.Delete($"{troupe.Prefix}/networks/{network}", troupe.Project);
        }
    }

    /// <summary>With the one that nova-manage's act made: the next play finds none of them.</summary>
    public async Task ForgetProjects()
    {
        foreach (string project in _projects.Append(ManageAct.Unset))
        {
            await Cloud.Delete($"/v1.1/projects/{project}", project);
        }
    }

    private async Task LaunchOne(Troupe troupe, string number, JsonArray? vnics)
    {
        var server = new JsonObject { ["name"] = $"{troupe.Project}-{number}", ["host"] = stage.HostName };
        if (vnics is not null)
        {
            server["vnics"] = vnics;
        }

        JsonNode made = await Cloud.Post("/v1.1/servers", troupe.Project, new JsonObject { ["server"] = server });
        _servers.Add((troupe, made["server"]!["id"]!.ToString()));
    }

    private async Task<Guest> Describe(Troupe of, string server)
    {
        JsonNode found = (await Cloud.Get($"/v1.1/servers/{server}", of.Project))["server"]!;
        string vnic = found["vnics"]![0]!.ToString();
        JsonNode card = (await Cloud.Get($"{of.Prefix}/ethernet_cards/{vnic}", of.Project))["ethernet_card"]!;
        string mac = card["mac_address"]!.ToString();
        string address = found["addresses"]!.AsObject().First().Value![0]!["addr"]!.ToString();
        string space = stage.Packets ? await SpaceOf(mac) : "the fake host";
        return new Guest(of, found["name"]!.ToString(), server, vnic, mac, address, space);
    }

    private async Task<string> SpaceOf(string mac)
    {
        foreach (string space in stage.GuestSpaces)
        {
            if ((await Spaces.Links(space)).Any(l => (string?)l!["address"] == mac))
            {
                return space;
            }
        }

        throw new DemoFault($"no guest has a NIC with MAC {mac}");
    }
}
