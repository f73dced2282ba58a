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
        var told = new List<HostState.Entry>();
        foreach (HostState.Entry entry in _state.Entries.Values.Where(e => e.Outcome is not null && !e.Told).ToList())
        {
            try
            {
                // A refusal is an answer: the instance knows better, and is not to be told again.
                await GrainFactory.GetGrain<IInstanceGrain>(entry.Instance.Value)
                    .HostReported(entry.Vnic, entry.Generation, entry.Outcome!.Value, entry.Fault);
                told.Add(entry);
            }
            catch (Exception e) when (e is OperatingFaultException or TimeoutException or OrleansException)
            {
                LogNotTold(Name, entry.Instance, e.Message);
            }
        }

        if (told.Count > 0)
        {
            try
            {
                await Change(s => HostRules.Told(s, told));
            }
            catch (OperatingFaultException e)
            {
                LogNotTold(Name, told[0].Instance, e.Message);
            }
        }
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
