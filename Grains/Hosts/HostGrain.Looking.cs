using System.Diagnostics;
using NovaOrleans.Vnics;

namespace NovaOrleans.Hosts;

/// <summary>
/// What the host is told follows its rows: after a hint, and from time to time without one, they are read again and what differs
/// from what was told is appended to the log. Nobody else need keep count of what this host knows.
/// </summary>
public sealed partial class HostGrain
{
    /// <summary>
    /// A look rests as many times as long as it took before the next one: of hosts that let the same group in, each looks at each launch,
    /// and that was most of what the database did (docs/decisions/0081-looks-rest.md).
    /// </summary>
    private const int RestsFor = 10;

    private static readonly TimeSpan s_restsAtLeast = TimeSpan.FromMilliseconds(100);

    /// <summary>What took long may have been a database that did not answer: it is not waited for again as long as that.</summary>
    private static readonly TimeSpan s_restsAtMost = TimeSpan.FromSeconds(5);

    /// <summary>Reading and appending are one step: what was read later is never overwritten by what was read before.</summary>
    private readonly SemaphoreSlim _looking = new(1);

    private HostNews _news;
    private Task _lookingAgain = Task.CompletedTask;

    public Task LookAgain(HostNews news)
    {
        _news |= news;
        if (_lookingAgain.IsCompleted)
        {
            // Beside the turns: hints that come while it looks or rests are taken together in its next look.
            _lookingAgain = LookWhileThereIsNews();
        }

        return Task.CompletedTask;
    }

    private async Task LookWhileThereIsNews()
    {
        while (_news != HostNews.None)
        {
            HostNews news = _news;
            _news = HostNews.None;
            long began = Stopwatch.GetTimestamp();
            try
            {
                await Look(news);
            }
            catch (OperatingFaultException e)
            {
                // The timer looks again at everything.
                LogNotLooked(Name, e.Message);
            }

            TimeSpan rest = Stopwatch.GetElapsedTime(began) * RestsFor;
            await Task.Delay(rest < s_restsAtLeast ? s_restsAtLeast : rest > s_restsAtMost ? s_restsAtMost : rest);
        }
    }

    private async Task Look(HostNews news)
    {
        using IDisposable looking = await Looking();
        if (_state.Fenced)
        {
            return;
        }

        (IReadOnlyList<BindingRows.Placed>? placed, IReadOnlyList<HostFact>? groups, IReadOnlyList<HostFact>? members) =
            await ledger.Read(s => Rows(s, news));
        IReadOnlyList<HostBinding> bindings = placed is null ? [] : Differing(placed);
        List<KeyValuePair<string, HostFact?>> facts =
        [
            .. groups is null ? [] : Differing(groups, told => told is not MemberFact),
            .. members is null ? [] : Differing(members, told => told is MemberFact),
        ];
        if (bindings.Count + facts.Count > 0)
        {
            await ChangeAndPush(state => HostRules.Rebind(HostRules.Tell(state, facts), bindings));
            LogLooked(Name, bindings.Count, facts.Count, _state.Revision);
        }
    }

    /// <summary>What there is news of, asked for together; null where there is none.</summary>
    private async Task<(IReadOnlyList<BindingRows.Placed>?, IReadOnlyList<HostFact>?, IReadOnlyList<HostFact>?)> Rows(
        LedgerSession session, HostNews news)
    {
        Task<IReadOnlyList<BindingRows.Placed>>? bindings =
            news.HasFlag(HostNews.Bindings) ? BindingRows.OnHost(session, Name) : null;
        Task<IReadOnlyList<HostFact>>? groups = news.HasFlag(HostNews.Groups) ? HostFactRows.Groups(session, Name, []) : null;
        Task<IReadOnlyList<HostFact>>? members = news.HasFlag(HostNews.Members) ? HostFactRows.Elsewhere(session, Name) : null;
        await Task.WhenAll(new Task?[] { bindings, groups, members }.OfType<Task>());
        return (bindings is null ? null : await bindings, groups is null ? null : await groups, members is null ? null : await members);
    }

    /// <summary>
    /// The facts to be told with new bindings, where the host does not have them yet: the rules of their groups, the members that these
    /// name, and who else is in a network that tells of that. Members that the host hears of anyway are not read: of a group of thousands
    /// each launch would read all.
    /// </summary>
    private async Task<IReadOnlyList<KeyValuePair<string, HostFact?>>> FactsFor(IReadOnlyList<HostBinding> bindings)
    {
        List<KeyValuePair<string, HostFact?>> facts = [];
        if (bindings.Any(b => b.SecurityGroups.Count > 0))
        {
            HashSet<SecurityGroupId> heard = [.. _state.Facts.Values.Select(f => f.Fact).OfType<GroupMembersFact>().Select(m => m.Group)];
            facts.AddRange(Differing(
                await ledger.Read(s => HostFactRows.Groups(s, Name, heard)), told => told is not (MemberFact or GroupMembersFact)));
        }

        if (bindings.Any(b => b.Network is { TellsMembers: true }))
        {
            facts.AddRange(Differing(await ledger.Read(s => HostFactRows.Elsewhere(s, Name)), told => told is MemberFact));
        }

        return facts;
    }

    private List<HostBinding> Differing(IReadOnlyList<BindingRows.Placed> now)
    {
        List<HostBinding> differing = [];
        foreach ((_, HostBinding read) in now)
        {
            if (!_state.Entries.TryGetValue(read.Vnic, out HostState.Entry? known) || known.Generation != read.Generation
                || known.Record is not BindRecord { Binding: var told })
            {
                continue;
            }

            // Of an instance that was not launched here no row says the name: it keeps the one that it was bound with.
            HostBinding binding = read.HostName.Length > 0 ? read : read with { HostName = told.HostName };
            if (!text.Alike(told, binding))
            {
                differing.Add(binding);
            }
        }

        return differing;
    }

    /// <summary>
    /// What is told otherwise than it is now, and what is told and is no more; <paramref name="kind"/> are the facts that
    /// <paramref name="now"/> has all of.
    /// </summary>
    private List<KeyValuePair<string, HostFact?>> Differing(IReadOnlyList<HostFact> now, Func<HostFact, bool> kind)
    {
        Dictionary<string, HostFact> wanted = now.ToDictionary(f => f.Key);
        return
        [
            .. _state.Facts.Values.Where(f => f.Fact is { } told && kind(told) && !wanted.ContainsKey(f.Key))
                .Select(f => KeyValuePair.Create(f.Key, (HostFact?)null)),
            .. now.Where(f => _state.Facts.GetValueOrDefault(f.Key)?.Fact is not { } told || !text.Alike(told, f))
                .Select(f => KeyValuePair.Create(f.Key, (HostFact?)f)),
        ];
    }

    private async Task<IDisposable> Looking()
    {
        await _looking.WaitAsync();
        return new Release(_looking);
    }

    private sealed class Release(SemaphoreSlim held) : IDisposable
    {
        public void Dispose() => held.Release();
    }
}
