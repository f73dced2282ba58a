using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;

namespace NovaOrleans.AgentTests;

/// <summary>
/// Desired hosts by chance, with every word that there is for one: a network with a new feature is a new line in
/// <see cref="Draw"/>.
/// </summary>
internal sealed class AnyHost(Random random, Func<InstanceSpec, GuestAttachment> attachment, int guests, bool vlans)
{
    /// <summary>A bridge of an operator's, which network 3 is on.</summary>
    public const string OperatorsBridge = "br3";

    public static readonly string[] Uplinks = ["eth1", "eth2"];

    /// <summary>The link that overlays go by, and the host's address on it.</summary>
    public const string Carrier = "eth3";
    public const string Address = "192.0.2.1";

    /// <summary>Each network's in this draw: a VNI goes from one to another, as a tag does.</summary>
    private readonly int[] _vnis = [501, 502, 503, 504];

    public DesiredHost Draw()
    {
        Sketch sketch = new(attachment, salt: 1);
        int[] drawn = [.. Enumerable.Range(1, guests)];
        random.Shuffle(drawn);
        random.Shuffle(_vnis);
        int at = 0;
        for (int network = 1; network <= 4; network++)
        {
            int count = Math.Min(random.Next(3), drawn.Length - at);
            if (count > 0)
            {
                sketch.With(network, drawn[at..(at + count)], dhcp: Coin(), mtu: Coin() ? 1500 : 1400);
                Further(sketch, network);
            }

            at += count;
        }

        Group(sketch, drawn[..at]);
        return sketch.Build();
    }

    private void Group(Sketch sketch, int[] placed)
    {
        foreach (int guest in placed.Where(_ => Coin()))
        {
            sketch.InGroups(guest, [.. Enumerable.Range(1, 3).Where(_ => Coin())]);
        }

        for (int group = 1; group <= 3; group++)
        {
            sketch.WithRules(group, [.. Enumerable.Range(0, random.Next(4)).Select(_ => AnyRule())]);
            sketch.WithMembers(group, [.. placed.Where(_ => Coin()).Select(g => $"10.9.0.{g}")]);
        }

        sketch.Blocking([.. new[] { "192.0.2.0/24", "192.0.2.128/25", "2001:db8::/32" }.Where(_ => Coin())]);
    }

    private SecurityRule AnyRule()
    {
        string? cidr = random.Next(3) switch { 0 => Sketch.Anyone, 1 => $"10.{random.Next(2)}.0.0/{16 + random.Next(2)}", _ => null };
        int? source = cidr is null ? random.Next(1, 4) : null;
        int from = random.Next(20);
        return random.Next(4) switch
        {
            0 => Sketch.Rule(RuleProtocol.Any, -1, -1, cidr, source),
            1 => Sketch.Rule(RuleProtocol.Icmp, from, random.Next(-1, 3), cidr, source),
            2 => Sketch.Rule(RuleProtocol.Udp, from, from + random.Next(20), cidr, source),
            _ => Sketch.Rule(RuleProtocol.Tcp, from, from + random.Next(20), cidr, source),
        };
    }

    private bool Coin() => random.Next(2) == 0;

    private void Further(Sketch sketch, int network)
    {
        if (Coin())
        {
            sketch.WithGateway6(network);
        }

        // One flat network, and two VLANs whose tags change hands.
        if (network == 1 && Coin())
        {
            sketch.Over("eth2", network);
        }
        else if (vlans && network is 2 or 4 && Coin())
        {
            sketch.Over("eth1", network, tag: (100 * network) + random.Next(2));
        }
        else if (network != 3 && Coin())
        {
            sketch.Overlay(network, _vnis[network - 1], Address, [.. Elsewhere(sketch)]);
        }
    }

    private IEnumerable<ForwardingEntry> Elsewhere(Sketch sketch)
    {
        string[] hosts = [.. new[] { "192.0.2.2", "192.0.2.3", "192.0.2.4" }.Where(_ => Coin())];
        return hosts.Length == 0 ? [] :
        [
            .. hosts.Select(Sketch.Flood),
            .. Enumerable.Range(101, 4).Where(_ => Coin()).Select(guest => sketch.At(guest, hosts[random.Next(hosts.Length)])),
        ];
    }
}
