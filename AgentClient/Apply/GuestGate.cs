namespace NovaOrleans.Agent;

/// <summary>Reads the host back once for all guests that wait, and asks their net-agents.</summary>
public sealed class GuestGate(Verifier verifier, NetAgents agents) : IGuestGate
{
    public async Task<IReadOnlyDictionary<string, string>> Ask(
        DesiredHost desired, IReadOnlyList<Step> waiting, CancellationToken stop)
    {
        Verified verified = await verifier.Verify(desired, new Applied(new Plan([]), []), stop);
        Dictionary<string, string> closed = new(StringComparer.Ordinal);
        string?[] reasons = await Task.WhenAll(waiting.Select(step => step switch
        {
            StartGuest s => MayStart(s.Guest.Spec.Id, verified, stop),
            UndefineGuest s => MayGo(new InstanceId(Guid.Parse(s.Instance)), verified, stop),
            _ => Task.FromResult<string?>(null),
        }));
        foreach ((Step step, string? reason) in waiting.Zip(reasons).Where(p => p.Second is not null))
        {
            closed[step.Subject] = reason!;
        }

        return closed;
    }

    private async Task<string?> MayStart(InstanceId instance, Verified verified, CancellationToken stop)
    {
        PlacedPort[] ports = [.. verified.Desired.Ports.Values.Where(p => p.Port.Instance == instance)];
        if (ports.FirstOrDefault(p => !verified.IsNetworkVerified(p)) is { } bad)
        {
            return $"the network of its NIC {bad.Port.NicIndex} was not read back as desired";
        }

        string?[] answers = await Task.WhenAll(ports.GroupBy(p => p.Service)
            .Select(g => agents.Setup(g.Key, [.. g.Select(p => p.Port.Vnic)], stop)));
        return answers.FirstOrDefault(a => a is not null);
    }

    private async Task<string?> MayGo(InstanceId instance, Verified verified, CancellationToken stop)
    {
        KeyValuePair<VnicId, LeavingVnic>[] leaving =
            [.. verified.Desired.Leaving.Where(l => l.Value.Instance == instance)];
        if (leaving.FirstOrDefault(l => verified.Present.Contains(GuestPort.NameOf(l.Key))) is { Value: not null } left)
        {
            return $"its VNIC {left.Key} is still on the host";
        }

        string?[] answers = await Task.WhenAll(leaving.Where(l => l.Value.Service is not null)
            .GroupBy(l => l.Value.Service!.Value)
            .Select(g => agents.Teardown(g.Key, [.. g.Select(l => l.Key)], stop)));
        return answers.FirstOrDefault(a => a is not null);
    }
}
