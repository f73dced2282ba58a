using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Instances;

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

    public DesiredHost Draw()
    {
        Sketch sketch = new(attachment, salt: 1);
        int[] drawn = [.. Enumerable.Range(1, guests)];
        random.Shuffle(drawn);
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

        return sketch.Build();
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

        if (vlans && network is 2 or 4 && Coin())
        {
            sketch.Over("eth1", network, tag: (100 * network) + random.Next(2));
        }
    }
}
