namespace NovaOrleans.Faults;

/// <summary>
/// Holds a history, and how it ended, against what was promised. It knows nothing of the service but its answers, so that it
/// cannot make the same mistake.
/// </summary>
internal static class Checker
{
    public const string HeldTwice = "no address is held twice";
    public const string Lost = "no acknowledged allocation is lost";
    public const string Undone = "no acknowledged release is undone";
    public const string Unresolved = "an unknown outcome is resolved by repeating";
    public const string Untold = "nothing is there that nobody was told of";
    public const string HostDiffers = "hosts are as the ledger says";
    public const string AuditFound = "the audit is clean";
    public const string Broken = "nothing is answered as a bug";

    public static IReadOnlyList<Finding> Check(IReadOnlyList<Call> calls, Ending end)
    {
        IReadOnlyList<Life> lives = Life.Of(calls);
        return
        [
            .. Twice(lives), .. Losses(lives, end), .. Returns(lives, end), .. Open(calls), .. Secrets(lives, end),
            .. end.Hosts.SelectMany(Differences),
            .. end.Audit.Select(found => new Finding(AuditFound, found)),
            .. calls.Where(IsBug).Select(call => new Finding(Broken, $"{call}")),
        ];
    }

    /// <summary>Two lives at one address whose certain times overlap.</summary>
    private static IEnumerable<Finding> Twice(IReadOnlyList<Life> lives)
    {
        foreach (IGrouping<(string?, string?), Life> held in lives.Where(l => l.Located is not null)
            .GroupBy(l => (l.Located!.Answer!.Place, l.Located.Answer.Address)))
        {
            Life? longest = null;
            foreach (Life life in held.Where(l => l.CertainUntil > l.Located!.End).OrderBy(l => l.Located!.End))
            {
                if (longest is not null && life.Located!.End < longest.CertainUntil)
                {
                    yield return new Finding(
                        HeldTwice, $"{held.Key.Item2} of {held.Key.Item1} was told by {longest.Located} and by {life.Located}");
                }

                longest = longest is null || life.CertainUntil > longest.CertainUntil ? life : longest;
            }
        }
    }

    private static IEnumerable<Finding> Losses(IReadOnlyList<Life> lives, Ending end)
    {
        Dictionary<(Kind, string), Remaining> there = There(end);
        foreach (Life life in lives)
        {
            foreach (Call missed in life.Shown.Where(
                c => c.NotFound && c.Start > life.FirstTold.End && c.End < life.CertainUntil))
            {
                yield return new Finding(Lost, $"{life.FirstTold} was told, and {missed} did not find it");
            }

            // The first call that deletes it must find it; repeats of it need not.
            if (life.Deleted is [{ NotFound: true } first, ..] && first.Start > life.FirstTold.End
                && !life.Deleted.Skip(1).Any(again => again.Start < first.End))
            {
                yield return new Finding(Lost, $"{life.FirstTold} was told, and {first} did not find it");
            }

            if (life.Located is { } located && life.Shown.FirstOrDefault(
                c => c.Answer?.Address is { } shown && shown != located.Answer!.Address) is { } other)
            {
                yield return new Finding(Lost, $"{located} told another address than {other}");
            }

            there.TryGetValue((life.Kind, life.Id), out Remaining? remaining);
            if (life.Deleted.Count == 0 && remaining is null)
            {
                yield return new Finding(Lost, $"{life.FirstTold} was told, nobody deleted it, and in the end it is not there");
            }
            else if (remaining?.Address is { } last && life.Located is { } told && told.Answer!.Address != last)
            {
                yield return new Finding(Lost, $"{told} told another address than it has in the end, {last}");
            }
        }
    }

    private static IEnumerable<Finding> Returns(IReadOnlyList<Life> lives, Ending end)
    {
        Dictionary<(Kind, string), Remaining> there = There(end);
        foreach (Life life in lives.Where(l => l.Gone is not null))
        {
            // An instance stays until its host has torn it down, and says so.
            if (life.Shown.FirstOrDefault(c => c.Outcome == Outcome.Done && c.Start > life.Gone!.End
                && c.Answer!.Status != "DELETING") is { } shown)
            {
                yield return new Finding(Undone, $"{life.Gone} was done, and {shown} found it");
            }

            if (there.ContainsKey((life.Kind, life.Id)))
            {
                yield return new Finding(Undone, $"{life.Gone} was done, and in the end it is there");
            }
        }
    }

    private static IEnumerable<Finding> Open(IReadOnlyList<Call> calls)
    {
        foreach (IGrouping<string, Call> operation in calls.GroupBy(c => c.Key))
        {
            if (operation.All(c => c.Outcome == Outcome.Unknown))
            {
                yield return new Finding(Unresolved, $"no call told what became of {operation.First()}");
            }

            Call[] told = [.. operation.Where(c => c is { Verb: Verb.Create, Outcome: Outcome.Done })];
            if (told.FirstOrDefault(c => c.Answer!.Id != told[0].Answer!.Id
                || (c.Answer.Address ?? told[0].Answer!.Address) != (told[0].Answer!.Address ?? c.Answer.Address)) is { } other)
            {
                yield return new Finding(Unresolved, $"{told[0]} told {told[0].Answer}, and {other} told {other.Answer}");
            }
        }
    }

    private static IEnumerable<Finding> Secrets(IReadOnlyList<Life> lives, Ending end)
    {
        HashSet<(Kind, string)> told = [.. lives.Select(l => (l.Kind, l.Id))];
        // The VNIC that was made for an instance is told with it.
        return end.Things.Where(t => !told.Contains((t.Kind, t.Id)) && !(t.Owner is { } owner && told.Contains((Kind.Server, owner))))
            .Select(t => new Finding(Untold, $"{t.Kind} {t.Id} with address {t.Address ?? "none"}, named {t.Name}"));
    }

    private static IEnumerable<Finding> Differences(HostEnding host)
    {
        if (host.Status != "LIVE" || host.Reported != host.Revision)
        {
            yield return new Finding(
                HostDiffers, $"{host.Name} is {host.Status} and has reported revision {host.Reported} of {host.Revision}");
        }

        foreach (string missing in host.Ledger.Except(host.Kernel))
        {
            yield return new Finding(HostDiffers, $"{host.Name} has no {missing}, and the ledger says it has");
        }

        foreach (string surplus in host.Kernel.Except(host.Ledger))
        {
            yield return new Finding(HostDiffers, $"{host.Name} has {surplus}, of which the ledger knows nothing");
        }
    }

    /// <summary>503 says that the outcome is unknown; any other 5xx says that nobody had thought of it.</summary>
    private static bool IsBug(Call call) => call.Status is >= 500 and not 503 || call.Code == "KeyReused";

    private static Dictionary<(Kind, string), Remaining> There(Ending end) => end.Things.ToDictionary(t => (t.Kind, t.Id));
}
