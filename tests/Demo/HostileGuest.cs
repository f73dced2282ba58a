namespace NovaOrleans.Demo;

/// <summary>
/// A guest that sends what it may not, and its neighbour's ear on the same wire. An honest frame goes last: once it has arrived,
/// what was sent before it and has not arrived was dropped.
/// </summary>
internal sealed class HostileGuest(Guest attacker, Guest neighbour, ushort port, CancellationToken stop)
{
    private const string StolenMac = "02:de:ad:be:ef:01";

    private readonly Frames.Ends _honest = new(attacker.Mac, attacker.Address, neighbour.Mac, neighbour.Address);

    public async Task Attack(Narrator narrator)
    {
        using Wire mouth = Wire.Open(attacker.Space, Guest.Nic);
        using Wire ear = Wire.Open(neighbour.Space, Guest.Nic);
        string stolen = attacker.Address[..(attacker.Address.LastIndexOf('.') + 1)] + "200";
        (string What, Func<Mark, byte[]> Make)[] attacks =
        [
            ("a stolen IP address", m => Frames.Udp(_honest with { FromIp = stolen }, port, port, m)),
            ("a stolen MAC", m => Frames.Udp(_honest with { FromMac = StolenMac }, port, port, m)),
            ("an ARP answer for an address that is not its own", m => Frames.ArpClaim(attacker.Mac, stolen, _honest, m)),
            ("an ARP answer with another's MAC", m => Frames.ArpClaim(StolenMac, attacker.Address, _honest, m)),
            ("a DHCP offer", m => Frames.DhcpOffer(_honest, stolen, m)),
        ];
        foreach ((string what, Func<Mark, byte[]> make) in attacks)
        {
            await narrator.Check($"{attacker.Name} sends {what}: dropped", async () =>
            {
                (Mark before, Mark attack, Mark after) = (Mark.New(), Mark.New(), Mark.New());
                mouth.Send(Frames.Udp(_honest, port, port, before));
                mouth.Send(make(attack));
                mouth.Send(Frames.Udp(_honest, port, port, after));
                IReadOnlySet<Mark> heard = await ear.HearUntil(after, [before, attack], stop);
                return heard.Contains(attack) ? "it arrived" : heard.Contains(before) ? null : "an honest frame did not arrive";
            });
        }
    }
}
