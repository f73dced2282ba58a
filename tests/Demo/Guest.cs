using System.Text.Json.Nodes;

namespace NovaOrleans.Demo;

/// <summary>One project of the play: its network service and the network that it makes.</summary>
internal sealed record Troupe(string Project, string Service, string Cidr, JsonObject Network)
{
    /// <summary>The project's short name of the service, as in URLs.</summary>
    public string Prefix => $"/v1.1/{Service}";

    public bool UsesDhcp => Service != "flat";
}

/// <summary>An instance as the cloud says it is. <paramref name="Space"/> is where it runs, found by its MAC.</summary>
internal sealed record Guest(Troupe Of, string Name, string Server, string Vnic, string Mac, string Address, string Space)
{
    public const string Nic = "eth0";

    public Task<Tool.Result> Exec(params string[] command) => Tool.Try("ip", ["netns", "exec", Space, .. command]);

    /// <summary>The IPv4 addresses on the guest's NIC.</summary>
    public async Task<IReadOnlyList<string>> Addresses() =>
    [
        .. from link in await Spaces.Links(Space)
           where (string?)link!["ifname"] == Nic
           from address in link["addr_info"] as JsonArray ?? []
           where (string?)address!["family"] == "inet"
           select (string)address["local"]!,
    ];

    public async Task<bool> Pings(string address) =>
        (await Exec("ping", "-c", "1", "-W", "1", "-n", address)).Status == 0;
}
