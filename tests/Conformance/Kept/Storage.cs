using NovaOrleans.Ledger;
using NovaOrleans.Vnics;

namespace NovaOrleans.Conformance.Kept;

/// <summary>The ledger refuses or goes silent, and everything is deleted: what is left?</summary>
internal static class Storage
{
    private const int MoreThanEnough = 20;
    private const int Several = 3;

    /// <summary>A launch and its binding, cut off at each of their commits in turn, and repeated as a caller does.</summary>
    public static async Task Faults(Trial trial)
    {
        foreach (bool acknowledgementLost in new[] { false, true })
        {
            int commit = 1;
            for (; commit < MoreThanEnough; commit++)
            {
                // Its own project each time, so that what a service keeps for a project is made anew.
                Tenant tenant = await trial.Tenant();
                var vnic = VnicId.New();
                bool reached = await trial.Server.Faults.CutOff(
                    commit,
                    async () =>
                    {
                        if (!(await trial.Os.GetDefaultVnicId(tenant.Project, vnic)).Refused)
                        {
                            await tenant.Bind(vnic);
                        }
                    },
                    acknowledgementLost);
                string cut = $"after the ledger {(acknowledgementLost ? "lost the acknowledgement of" : "refused")} commit {commit} of a launch, ";
                VnicId again = BrokenPromiseException.Given(
                    await Again(() => trial.Os.GetDefaultVnicId(tenant.Project, vnic)), $"{cut}the same launch");
                BrokenPromiseException.Unless(again == vnic, $"{cut}the same launch gives another VNIC");
                BrokenPromiseException.Done(await Again(() => tenant.Bind(vnic)), $"{cut}the same binding");
                IReadOnlyList<VnicView> cards = await tenant.Cards();
                BrokenPromiseException.Unless(
                    cards.Count == 1 && cards[0].Id == vnic,
                    $"{cut}and repeated, there are {cards.Count} cards: {string.Join(", ", cards.Select(c => c.Id))}; asked for was {vnic}");
                BrokenPromiseException.Unless(cards[0].Ports.Count == 1, $"{cut}and repeated, the VNIC has {cards[0].Ports.Count} ports");
                await Sound(trial, cut);
                await tenant.DeleteCard(vnic);
                if (!reached)
                {
                    break;
                }
            }

            BrokenPromiseException.Unless(commit > 1, "a launch commits nothing, so that nothing of it could be kept");
            BrokenPromiseException.Unless(commit < MoreThanEnough, $"a launch needs more than {MoreThanEnough} commits");
        }
    }

    public static async Task Leaks(Trial trial)
    {
        (long Cards, long Ports) before = await trial.Server.Amounts();
        Tenant tenant = await trial.Tenant();
        var vnics = new List<VnicId>();
        for (int i = 0; i < Several; i++)
        {
            vnics.Add(await tenant.Launch());
        }

        BrokenPromiseException.Done(await tenant.Bind([.. vnics]), "bind_vnics_to_ports");
        foreach (VnicId vnic in vnics)
        {
            await tenant.DeleteCard(vnic);
        }

        (long Cards, long Ports) after = await trial.Server.Amounts();
        BrokenPromiseException.Unless(
            after == before, $"{Several} VNICs were made and deleted; {before} cards and ports became {after}");
        await tenant.Remove();
        await Sound(trial, "at the end ");
    }

    /// <summary>As a caller does who does not know what became of a call: the core may still be finding out itself.</summary>
    private static async Task<T> Again<T>(Func<Task<T>> call)
    {
        T? answer = default;
        await Poll.Until(
            async () =>
            {
                try
                {
                    answer = await call();
                    return true;
                }
                catch (OperatingFaultException e) when (e.MayRetry)
                {
                    return false;
                }
            },
            "the same call is answered");
        return answer!;
    }

    internal static async Task Sound(Trial trial, string when)
    {
        AuditView audit = await trial.Server.Query.Audit();
        BrokenPromiseException.Unless(audit.Findings.Count == 0, $"{when}the audit finds: {string.Join("; ", audit.Findings.Take(3))}");
    }
}
