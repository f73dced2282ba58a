using NovaOrleans.Instances;

namespace NovaOrleans.Hosts;

/// <summary>
/// Outcomes go on to the instances beside the turns that brought them: an instance that is just calling this host would
/// otherwise wait for it while it waits for the instance.
/// </summary>
public sealed partial class HostGrain
{
    private void TellInstances()
    {
        if (_telling.IsCompleted && _state.Entries.Values.Any(e => e.Outcome is not null && !e.Told))
        {
            _telling = TellAll();
        }
    }

    private async Task TellAll()
    {
        // One instance after another would let one that does not answer keep the others waiting.
        IEnumerable<Task<List<HostState.Entry>>> telling = _state.Entries.Values
            .Where(e => e.Outcome is not null && !e.Told).GroupBy(e => e.Instance).ToList().ConvertAll(TellOne);
        List<HostState.Entry> told = [.. (await Task.WhenAll(telling)).SelectMany(t => t)];
        if (told.Count > 0)
        {
            try
            {
                await Change(s => HostRules.Told(s, told));
                if (told.Exists(e => e.Outcome == BindingOutcome.TornDown))
                {
                    // The instance's own hint looks for the hosts that its VNICs are on: they may have left this one before it does.
                    await LookAgain(HostNews.Groups | HostNews.Members);
                }
            }
            catch (OperatingFaultException e)
            {
                LogNotTold(Name, told[0].Instance, e.Message);
            }
        }
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
