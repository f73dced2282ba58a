using NovaOrleans.Instances;

namespace NovaOrleans.Hosts;

/// <summary>
/// Outcomes go on to the instances beside the turns that brought them: an instance that is just calling this host would
/// otherwise wait for it while it waits for the instance.
/// </summary>
public sealed partial class HostGrain
{
    private static readonly TimeSpan s_tellAgain = TimeSpan.FromSeconds(5);

    private Task _telling = Task.CompletedTask;

    /// <summary>Rests while everything is told: a tick every few seconds of each idle host is what an idle silo does.</summary>
    private IGrainTimer _tellingAgain = null!;

    private void TellInstances()
    {
        if (_telling.IsCompleted && _state.Untold.Count > 0)
        {
            _telling = TellAll();
        }
    }

    private async Task TellAll()
    {
        TimeSpan again = s_tellAgain;
        List<HostState.Entry> untold = [.. _state.Untold.Select(v => _state.Entries[v])], told = [];
        try
        {
            ILookup<bool, IGrouping<InstanceId, HostState.Entry>> instances = await ByWhetherKnown(untold);
            told.AddRange(instances[false].SelectMany(e => e));
            // One instance after another would let one that does not answer keep the others waiting.
            told.AddRange((await Task.WhenAll(instances[true].Select(TellOne))).SelectMany(t => t));
            if (!told.Exists(e => e.Outcome == BindingOutcome.TornDown))
            {
                await Remember(s => HostRules.Told(s, told));
            }
            else
            {
                await Change(s => HostRules.Told(s, told));
                // The instance's own hint looks for the hosts that its VNICs are on: they may have left this one before it does.
                await LookAgain(HostNews.Groups | HostNews.Members);
            }

            again = told.Count == untold.Count ? TimeSpan.Zero : s_tellAgain;
        }
        catch (OperatingFaultException e)
        {
            LogNotTold(Name, untold[0].Instance, e.Message);
        }
        finally
        {
            if (_state.Untold.Count > 0)
            {
                // What came meanwhile, now. Those that could not be told, later: of a fenced host no renewal comes that would do it.
                _tellingAgain.Change(again, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>
    /// Who makes its VMs by itself has instances of which nothing is known here, and nobody to tell: to wake a grain for each of their
    /// binds, which finds no row and goes again, was a sixth of the silo's work. An instance's row is there before its first bind.
    /// </summary>
    private async Task<ILookup<bool, IGrouping<InstanceId, HostState.Entry>>> ByWhetherKnown(List<HostState.Entry> untold)
    {
        List<IGrouping<InstanceId, HostState.Entry>> instances = [.. untold.GroupBy(e => e.Instance)];
        HashSet<InstanceId> known = await ledger.Read(s => InstanceRows.Living(s, instances.Select(i => i.Key)));
        return instances.ToLookup(i => known.Contains(i.Key));
    }

    /// <summary>A refusal is an answer: the instance knows better, and is not to be told again.</summary>
    private async Task<List<HostState.Entry>> TellOne(IGrouping<InstanceId, HostState.Entry> entries)
    {
        var told = new List<HostState.Entry>();
        try
        {
            foreach (HostState.Entry entry in entries)
            {
                await GrainFactory.GetGrain<IInstanceGrain>(entry.Instance.Value)
                    .HostReported(entry.Vnic, entry.Generation, entry.Outcome!.Value, entry.Fault);
                told.Add(entry);
            }
        }
        catch (Exception e) when (e is OperatingFaultException or TimeoutException or OrleansException)
        {
            LogNotTold(Name, entries.Key, e.Message);
        }

        return told;
    }

    private async Task TellScheduler()
    {
        try
        {
            await GrainFactory.GetGrain<ISchedulerGrain>(0).Heard(View());
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            LogSchedulerDeaf(Name, e.Message);
        }
    }
}
