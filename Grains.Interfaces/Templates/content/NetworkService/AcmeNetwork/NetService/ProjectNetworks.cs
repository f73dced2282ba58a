namespace AcmeNetwork.NetService;

/// <summary>What a launch needs: a VNIC in the project's network, which is made when the project has none.</summary>
internal sealed class ProjectNetworks(INetworkLedger ledger) : IOsService
{
    public async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic) =>
        await NetworkOf(project) is { Refusal: { } refusal }
            ? refusal
            : await ledger.CreateDefaultVnic(project, vnic, FreeNetworks.Leave);

    public async Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics) =>
        await NetworkOf(project) is { Refusal: { } refusal }
            ? refusal
            : await ledger.BindVnics(project, vnics, FreeNetworks.Leave);

    public Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project) => Task.FromResult<VpnEndpoint?>(null);

    /// <summary>
    /// The key has launches that come at once find one network. The ledger refuses a range that overlaps another project's: whoever comes
    /// second tries the next.
    /// </summary>
    private async Task<Outcome<NetworkId>> NetworkOf(ProjectId project)
    {
        Asker once = Asker.Of(project) with { Key = new RequestKey("first-network", BodyHash: "") };
        Outcome<NetworkId> network = await ledger.NetworkFor(project, FreeNetworks.Leave);
        for (int range = 0; network.Refusal is { Code: RefusalCode.NoMoreNetworks or RefusalCode.CidrConflict } && range < 256; range++)
        {
            var cidr = Cidr4.Parse($"10.128.{range}.0/24");
            var draft = new NetworkDraft(NetworkId.New(), project, $"network of {project}")
            {
                Subnet = new LedgerSubnet(cidr) { Gateway = cidr.Network + 1 },
                Dhcp = true,
            };
            Outcome<LedgerNetwork> made = await ledger.CreateNetwork(once, draft);
            network = made.Refused ? made.Refusal : made.Value.Id;
        }

        return network;
    }
}
