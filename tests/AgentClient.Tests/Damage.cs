using NovaOrleans.Agent;

namespace NovaOrleans.AgentTests;

/// <summary>What people, other programs and crashes do to a host behind the agent's back.</summary>
internal static class Damage
{
    public static async Task Any(Random random, HostBench bench)
    {
        ActualHost now = await bench.Observe();
        ActualLink[] ours = [.. now.Links.Values.Where(l => l.Ours)];
        ActualLink? hit = ours.Length == 0 ? null : ours[random.Next(ours.Length)];
        switch (random.Next(11))
        {
            case 0 when hit is not null:
                await bench.DeleteLink(hit.Name);
                break;
            case 1:
                await bench.FlushFirewall();
                break;
            case 2 when now.Dhcp.Values.FirstOrDefault(d => d.Running) is { } server:
                await bench.KillDhcp(new(Guid.Parse(server.Network)));
                break;
            case 3 when hit is not null:
                await bench.SetMtu(hit.Name, 1280);
                break;
            case 4 when hit is { Master: not null }:
                await bench.SetMaster(hit.Name, null);
                break;
            case 5 when ours.FirstOrDefault(l => l.Addresses.Count > 0) is { } bridge:
                await bench.RemoveAddress(bridge.Name, bridge.Addresses[0]);
                break;
            case 6 when now.Switch?.Bridges.Values.SelectMany(b => b.Ports.Values).FirstOrDefault(p => p.Ours) is { } port:
                await bench.DeleteSwitchPort(port.Name);
                break;
            case 7 when ours.FirstOrDefault(l => l.Kind == LinkKind.Bridge) is { } one && now.Links["eth1"].Master is null:
                await bench.SetMaster("eth1", one.Name);
                break;
            case 8 when ours.FirstOrDefault(l => l.Vxlan is { Forwarding.Count: > 0 }) is { } overlay:
                await bench.RemoveForwarding(overlay.Name, overlay.Vxlan!.Forwarding[0]);
                break;
            case 9 when ours.FirstOrDefault(l => l.Vxlan is not null) is { } overlay:
                await bench.AddForwarding(overlay.Name, Sketch.Flood("192.0.2.99"));
                break;
        }
    }
}
