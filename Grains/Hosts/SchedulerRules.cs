
namespace NovaOrleans.Hosts;

/// <summary>Which host takes an instance.</summary>
public static class SchedulerRules
{
    /// <summary>
    /// The host that was asked for, if it is live and has the service; else the live one with the fewest VNICs, those promised
    /// included, and of equal ones the first by name.
    /// </summary>
    public static Outcome<HostName> Choose(
        SchedulerState state, ServicePath service, HostName? wanted, DateTimeOffset now)
    {
        IReadOnlyList<SchedulerState.Heard> live = [.. state.Hosts.Values.Where(h => IsLive(h.View, now))];
        IReadOnlyList<SchedulerState.Heard> able =
            [.. live.Where(h => h.View.Hello?.Services.ContainsKey(service.Value) == true)];
        if (wanted is { } name)
        {
            return able.Any(h => h.View.Name == name)
                ? name
                : new Refusal(
                    RefusalCode.NoHostAvailable, WhyNot(state, live, name, service), name.Value, "host");
        }

        return able.OrderBy(h => h.View.Vnics + h.Reserved).ThenBy(h => h.View.Name.Value, StringComparer.Ordinal)
            .FirstOrDefault() is { } best
            ? best.View.Name
            : new Refusal(
                RefusalCode.NoHostAvailable,
                live.Count == 0
                    ? "No compute host is live: start an agent."
                    : $"None of the {live.Count} live hosts has network service {service}.",
                service.Value);
    }

    public static bool IsLive(HostView host, DateTimeOffset now) =>
        host.Status == HostStatus.Live && host.LastSeen is { } seen && now - seen < TimeSpan.FromSeconds(15);

    private static string WhyNot(
        SchedulerState state, IReadOnlyList<SchedulerState.Heard> live, HostName wanted, ServicePath service) =>
        !state.Hosts.TryGetValue(wanted, out SchedulerState.Heard? heard)
            ? $"Host {wanted} is not known; live are: {Names(live)}."
            : live.Contains(heard)
                ? $"Host {wanted} has no network service {service}."
                : $"Host {wanted} is {Condition(heard.View)}; live are: {Names(live)}.";

    /// <summary>A host that was live when it was last heard, and is not now, is lost.</summary>
    private static string Condition(HostView host) =>
        (host.Status == HostStatus.Live ? HostStatus.Lost : host.Status).ToString().ToLowerInvariant();

    private static string Names(IReadOnlyList<SchedulerState.Heard> hosts) =>
        hosts.Count == 0 ? "none" : string.Join(", ", hosts.Select(h => h.View.Name.Value).Order(StringComparer.Ordinal));
}
