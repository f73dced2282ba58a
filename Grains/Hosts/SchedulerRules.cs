
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
        IReadOnlyList<SchedulerState.Heard> taking = [.. live.Where(h => !state.IsDrained(h.View.Name))];
        IReadOnlyList<SchedulerState.Heard> able =
            [.. taking.Where(h => h.View.Hello?.Services.ContainsKey(service.Value) == true)];
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
                    : taking.Count == 0
                        ? $"Every live host is drained: {Names(live)}."
                        : $"None of the {taking.Count} live hosts has network service {service}.",
                service.Value);
    }

    /// <summary>
    /// A host that might take the instance, for all that its row says, and of which nothing was heard yet; null where there is none.
    /// </summary>
    public static HostName? Unheard(SchedulerState state, IReadOnlyList<HostView> known, HostName? wanted) => known
        .Where(h => wanted is null || h.Name == wanted)
        .FirstOrDefault(h => h.Status != HostStatus.Fenced && !h.Drained && !state.Hosts.ContainsKey(h.Name))?.Name;

    /// <summary>A host that is live or has VNICs is not forgotten: it would be missed.</summary>
    public static Outcome MayRemove(HostView host, bool live) => (live, host.Vnics) switch
    {
        (true, _) => new Refusal(
            RefusalCode.Conflict, $"Host {host.Name} is live: stop its agent first.", host.Name.Value),
        (_, > 0) => new Refusal(
            RefusalCode.Conflict, $"Host {host.Name} has {host.Vnics} VNICs: delete their instances, or fence it if it is dead.",
            host.Name.Value),
        _ => Outcome.Done,
    };

    public static bool IsLive(HostView host, DateTimeOffset now) =>
        host.Status == HostStatus.Live && host.LastSeen is { } seen && now - seen < TimeSpan.FromSeconds(15);

    private static string WhyNot(
        SchedulerState state, IReadOnlyList<SchedulerState.Heard> live, HostName wanted, ServicePath service) =>
        !state.Hosts.TryGetValue(wanted, out SchedulerState.Heard? heard)
            ? $"Host {wanted} is not known; live are: {Names(live)}."
            : live.Contains(heard)
                ? state.IsDrained(wanted)
                    ? $"Host {wanted} is drained{(state.Words[wanted].Reason is { } reason ? $" ({reason})" : "")}."
                    : $"Host {wanted} has no network service {service}."
                : $"Host {wanted} is {Condition(heard.View)}; live are: {Names(live)}.";

    /// <summary>A host that was live when it was last heard, and is not now, is lost.</summary>
    private static string Condition(HostView host) =>
        (host.Status == HostStatus.Live ? HostStatus.Lost : host.Status).ToString().ToLowerInvariant();

    private static string Names(IReadOnlyList<SchedulerState.Heard> hosts) =>
        hosts.Count == 0 ? "none" : string.Join(", ", hosts.Select(h => h.View.Name.Value).Order(StringComparer.Ordinal));
}
