using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.Ledger;

/// <summary>The core's views as the records that network services get of them.</summary>
internal static class LedgerRecords
{
    public static LedgerNetwork Of(NetworkView network) => new(
        network.Id, network.Project, network.Label, VnicAddressing.FactsOf(network))
    {
        Subnet = network.Subnet4 is { } four
            ? new LedgerSubnet(four.Cidr)
            {
                Gateway = four.Gateway,
                DhcpServer = four.DhcpServer,
                Allowed = four.Allowed,
                Dns = four.Dns,
            }
            : null,
        CidrV6 = network.Subnet6?.Cidr,
        GatewayV6 = network.Subnet6?.Gateway,
        Open = network.Life == NetworkLife.Open,
        CreatedAt = network.CreatedAt,
    };

    public static LedgerVnic Of(VnicView card) => new(
        card.Id, card.Project, card.Mac, card.Name, [.. card.Ports.Select(Of)], card.Instance)
    {
        Host = card.Host,
        CreatedAt = card.CreatedAt,
    };

    public static LedgerPort Of(PortView port) =>
        new(port.Id, port.Network, port.Project, port.Address, port.AddressV6, port.Vnic);
}
