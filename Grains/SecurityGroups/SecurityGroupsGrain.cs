using NovaOrleans.Hosts;
using NovaOrleans.Projects;

namespace NovaOrleans.SecurityGroups;

/// <summary>See <see cref="ISecurityGroupsGrain"/>. The rows decide; what is remembered of them answers launches.</summary>
public sealed partial class SecurityGroupsGrain(
    ILedger ledger, HostHints hints, QuotaDefaults quotas, ILogger<SecurityGroupsGrain> logger) : Grain, ISecurityGroupsGrain
{
    private SecurityGroupsState? _known;

    private ProjectId Project => ProjectId.Parse(this.GetPrimaryKeyString());

    public async Task<IReadOnlyList<SecurityGroupView>> List() => (await Known()).Groups;

    public async Task<Outcome<SecurityGroupView>> Describe(SecurityGroupId group) =>
        SecurityGroupsRules.Known(await Known(), group);

    public async Task<Outcome<IReadOnlyList<SecurityGroupId>>> Resolve(IReadOnlyList<string> names) =>
        SecurityGroupsRules.Resolve(await Known(), names);

    public async Task<Outcome<SecurityGroupView>> Create(CreateSecurityGroup command)
    {
        await Known();
        (ProjectId project, SecurityGroupId id) = (Project, SecurityGroupId.New());
        return await Change<SecurityGroupView>($"group '{command.Name}' made", command.Actor, async (session, state) =>
        {
            if (command.Key is { } key && await SecurityGroupRows.ByKey(session, project, key) is { Hash: not null } before)
            {
                return before.Hash == key.BodyHash
                    ? SecurityGroupsRules.Known(state, before.Id) : RowRefusals.KeyReused(key, before.Id.Value);
            }

            long limit = await QuotaRows.Lock(session, project, QuotaKind.SecurityGroups, quotas);
            if (SecurityGroupsRules.Create(state, command.Name, limit) is { } refusal)
            {
                return refusal;
            }

            await SecurityGroupRows.Insert(session, project, id, command);
            return SecurityGroupsRules.Known(await SecurityGroupRows.Load(session, project), id);
        });
    }

    public async Task<Outcome<SecurityGroupView>> Rename(SecurityGroupId group, string? name, string? description, string actor)
    {
        Outcome<SecurityGroupView> renamed = await Change<SecurityGroupView>($"group {group} renamed", actor, async (session, state) =>
        {
            if (SecurityGroupsRules.Rename(state, group, name, description).Try(out SecurityGroupView? after, out Refusal? refusal))
            {
                await SecurityGroupRows.Rename(session, after);
                return after;
            }

            return refusal;
        });
        await Tell(renamed.Refusal, group);
        return renamed;
    }

    public async Task<Outcome> Delete(SecurityGroupId group, string actor)
    {
        Outcome<bool> deleted = await Change<bool>($"group {group} deleted", actor, async (session, state) =>
        {
            IReadOnlyDictionary<SecurityGroupId, long> members = await SecurityGroupRows.Members(session, state.Project);
            if (!SecurityGroupsRules.Known(state, group).Try(out SecurityGroupView? found, out Refusal? refusal)
                || (refusal = SecurityGroupsRules.Delete(state, found, members.GetValueOrDefault(group))) is not null)
            {
                return refusal;
            }

            await SecurityGroupRows.Delete(session, group);
            return true;
        });
        return deleted.Refusal is { } refused ? refused : Outcome.Done;
    }

    public async Task<Outcome<SecurityRule>> AddRule(AddSecurityRule command)
    {
        SecurityRuleId id = command.Id == default ? SecurityRuleId.New() : command.Id;
        ProjectId project = Project;
        Outcome<SecurityRule> added = await Change<SecurityRule>($"rule {id} added", command.Actor, async (session, state) =>
        {
            if (state.Find(command.Group)?.Rules.FirstOrDefault(r => r.Id == id) is { } before)
            {
                return before;
            }

            long limit = await QuotaRows.Lock(session, project, QuotaKind.SecurityGroupRules, quotas);
            if (!SecurityGroupsRules.AddRule(state, command, id, limit).Try(out SecurityRule? rule, out Refusal? refusal))
            {
                return refusal;
            }

            await SecurityGroupRows.Insert(session, command.Group, rule);
            SecurityGroupsState after = await SecurityGroupRows.Load(session, project);
            return after.Find(command.Group)!.Rules.First(r => r.Id == id);
        });
        await Tell(added.Refusal, command.Group);
        return added;
    }

    public async Task<Outcome> RemoveRule(SecurityRuleId rule, string actor)
    {
        if ((await Known()).With(rule) is not { } group)
        {
            return Outcome.Done;
        }

        Outcome<bool> removed = await Change<bool>($"rule {rule} removed", actor, async (session, _) =>
        {
            await SecurityGroupRows.Delete(session, group.Id, rule);
            return true;
        });
        await Tell(removed.Refusal, group.Id);
        return removed.Refusal is { } refused ? refused : Outcome.Done;
    }

    public async Task<Outcome> Scrub(string actor)
    {
        Outcome<bool> scrubbed = await Change<bool>("scrubbed", actor, async (session, state) =>
        {
            if (SecurityGroupsRules.Scrub(state, await SecurityGroupRows.Members(session, state.Project)) is { } refusal)
            {
                return refusal;
            }

            foreach (SecurityGroupView group in state.Groups)
            {
                await SecurityGroupRows.Delete(session, group.Id);
            }

            return true;
        });
        return scrubbed.Refusal is { } refused ? refused : Outcome.Done;
    }

    /// <summary>The groups, with <c>default</c> among them.</summary>
    private async Task<SecurityGroupsState> Known()
    {
        ProjectId project = Project;
        _known ??= await ledger.Read(s => SecurityGroupRows.Load(s, project));
        if (_known.Find(SecurityGroupsRules.Default) is null)
        {
            var id = SecurityGroupId.New();
            await Change<bool>("group 'default' made", "nova", async (session, state) =>
            {
                if (state.Find(SecurityGroupsRules.Default) is null)
                {
                    await SecurityGroupRows.Insert(
                        session, project, id, new CreateSecurityGroup(SecurityGroupsRules.Default, "default", "nova"));
                    await SecurityGroupRows.Insert(
                        session, id, new SecurityRule(SecurityRuleId.New(), RuleProtocol.Any, -1, -1, null, id));
                }

                return true;
            });
            _known = await ledger.Read(s => SecurityGroupRows.Load(s, project));
        }

        return _known;
    }

    /// <summary>One change, decided from the rows in its own commit; what was remembered is read again afterwards.</summary>
    private async Task<Outcome<T>> Change<T>(
        string what, string actor, Func<LedgerSession, SecurityGroupsState, Task<Outcome<T>>> work)
    {
        ProjectId project = Project;
        try
        {
            Outcome<T> done = await ledger.Commit(async session =>
            {
                Outcome<T> outcome = await work(session, await SecurityGroupRows.Load(session, project));
                if (!outcome.Refused)
                {
                    await HistoryRows.Append(session, actor, "security group changed", why: $"{project}: {what}");
                }

                return outcome;
            });
            if (!done.Refused)
            {
                LogChanged(project, what, actor);
            }

            return done;
        }
        catch (LedgerConflictException e) when (e.Constraint == "security_groups_name")
        {
            return new Refusal(RefusalCode.Conflict, $"Project '{project}' has a security group of this name already.", Field: "name");
        }
        finally
        {
            _known = null;
        }
    }

    /// <summary>After the commit; hosts that are not told see for themselves.</summary>
    private Task Tell(Refusal? refused, SecurityGroupId group) => refused is null ? hints.GroupChanged(group) : Task.CompletedTask;
}
