using System.Text.Json.Nodes;

namespace NovaOrleans.Demo;

/// <summary>nova-manage against the running cloud, with nothing but the data folder to find its token in.</summary>
internal sealed class ManageAct(Stage stage, Narrator narrator)
{
    public const string Unset = "dune";

    public async Task Perform(IReadOnlyList<Guest> guests)
    {
        narrator.Act("nova-manage");
        await AProjectIsGivenAService();
        await WhatThereIsIsListed(guests[^1]);
        await TheFormerNetworkCommandsSayWhereTheyWent();
    }

    [Seed("S6"), Seed("S69"), Seed("S70"), Seed("S71"), Seed("S72"), Seed("S73"), Seed("S74")]
    private async Task AProjectIsGivenAService()
    {
        await stage.Cloud.Post("/v1.1/projects", null, new JsonObject { ["project"] = new JsonObject { ["id"] = Unset } });
        await Says("nova.network.flat", "project", "network_get", "amber");
        await Says("None", "project", "network_get", Unset);
        await Says("nova.network.vlan", "project", "network_get", Unset, "--effective");
        foreach (string service in new[] { "flat", "flat_dhcp" })
        {
            await Says("", "project", "network_set", Unset, service);
            await Says($"nova.network.{service}", "project", "network_get", Unset);
        }

        await Refuses("nova.network.none", 1, "project", "network_set", "amber", "nova.network.none");
    }

    [Seed("S17"), Seed("R9")]
    private async Task WhatThereIsIsListed(Guest last)
    {
        await Shows(last.Of.Cidr, last.Of.Service, "network", "list", "--project", last.Of.Project);
        await Shows(last.Mac, last.Of.Service, "card", "list", "--project", last.Of.Project);
        await Shows(last.Vnic, "history", "--address", last.Address);
        await Shows("LIVE", "host", "list");
    }

    [Seed("S75")]
    private Task TheFormerNetworkCommandsSayWhereTheyWent() => Refuses("moved", 2, "network", "list");

    private Task Says(string exactly, params string[] words) => Run(
        words, exactly.Length > 0 ? $"prints {exactly}" : "prints nothing", r => r.Status == 0 && r.Output.Trim() == exactly);

    private Task Shows(string text, params string[] words) => Run(words, $"shows {text}", r =>
        r.Status == 0 && r.Output.Contains(text, StringComparison.Ordinal));

    private Task Refuses(string naming, int status, params string[] words) => Run(words, $"fails and names {naming}", r =>
        r.Status == status && r.Error.Contains(naming, StringComparison.Ordinal));

    private Task Run(string[] words, string claim, Func<Tool.Result, bool> holds) => narrator.Check(
        $"{string.Join(' ', words)}: {claim}", async () =>
        {
            Tool.Result result = await stage.Manage(words);
            return holds(result) ? null : $"status {result.Status}: {result.All}";
        });
}
