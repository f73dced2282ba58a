namespace NovaOrleans.Agent;

public static partial class Planner
{
    private static void PlanGuests(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        foreach ((string instance, GuestStatus status) in actual.Guests)
        {
            if (!desired.Guests.ContainsKey(instance))
            {
                if (status != GuestStatus.Defined)
                {
                    steps.Add(new StopGuest(instance));
                }

                steps.Add(new UndefineGuest(instance));
            }
        }

        foreach ((string instance, WantedGuest guest) in desired.Guests)
        {
            bool defined = actual.Guests.TryGetValue(instance, out GuestStatus status);
            if (!defined)
            {
                steps.Add(new DefineGuest(guest));
            }

            if (guest.Complete && !guest.Lost && (!defined || status == GuestStatus.Defined))
            {
                IEnumerable<string> needs = desired.Ports.Values.Where(p => p.Port.Instance == guest.Spec.Id)
                    .SelectMany(p => desired.SubjectsOf(p.Port)).Distinct();
                steps.Add(new StartGuest(guest) { Needs = [.. needs] });
            }
            else if (guest.Complete && actual.Devices.TryGetValue(instance, out ImmutableHashSet<string>? devices))
            {
                PlanDevices(actual, desired, guest, devices, steps);
            }
        }
    }

    /// <summary>
    /// A running guest's NICs. One whose port was taken away holds on to nothing: it is pulled out, and plugged into the
    /// port that is made anew.
    /// </summary>
    private static void PlanDevices(
        ActualHost actual, DesiredHost desired, WantedGuest guest, ImmutableHashSet<string> has, List<Step> steps)
    {
        string instance = guest.Spec.Id.ToString();
        Dictionary<string, PlacedPort> ports = desired.Ports.Values.Where(p => p.Port.Instance == guest.Spec.Id)
            .ToDictionary(p => p.Port.Mac.ToString(), StringComparer.Ordinal);
        HashSet<string> cut = [.. ports.Where(p => has.Contains(p.Key) && !IsThere(actual, p.Value)).Select(p => p.Key)];
        steps.AddRange(has.Where(d => cut.Contains(d) || guest.Devices.All(w => w.Id != d))
            .Order(StringComparer.Ordinal).Select(d => new UnplugDevice(instance, d)));
        foreach (GuestDevice device in guest.Devices.Where(d => !has.Contains(d.Id) || cut.Contains(d.Id)))
        {
            string[] needs = ports.TryGetValue(device.Id, out PlacedPort? port) ? [.. desired.SubjectsOf(port.Port)] : [];
            steps.Add(new PlugDevice(instance, device) { Needs = needs });
        }
    }

    private static bool IsThere(ActualHost actual, PlacedPort placed) =>
        actual.Links.TryGetValue(placed.Port.Name, out ActualLink? link)
            && (link.Ours || placed.Attachment is MadeByHypervisor) && Same(link, placed);
}
