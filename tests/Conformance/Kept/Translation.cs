using System.Diagnostics;
using System.Xml.Linq;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Hosts;

namespace NovaOrleans.Conformance.Kept;

/// <summary>What a net-agent makes of bindings that a host was really told of.</summary>
internal static class Translation
{
    private static readonly HostName s_other = HostName.Parse("h2");
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);

    private static readonly string[] s_keys =
    [
        "cidr", "cidr_v6", "netmask", "netmask_v6", "gateway", "gateway_v6", "dhcp_server", "broadcast", "dns", "ra_server", "mac_address",
        "ip_address", "address_v6",
    ];

    public static async Task Translates(Trial trial)
    {
        IReadOnlyList<BindRecord> guests = await trial.Guests();
        INetAgent agent = trial.FreshAgent();
        HostBinding[] bindings = [.. guests.Select(g => g.Binding)];
        Limited("Translate", () => agent.Translate(bindings, []));
        Limited("Translate of no bindings", () => agent.Translate([], []));
        DesiredHost desired = Limited("Translate", () => Desired(trial.PlugIn.Path, agent, guests));
        foreach ((VnicId vnic, string fault) in desired.Faults)
        {
            throw new BrokenPromiseException($"VNIC {vnic}: {fault}");
        }

        BrokenPromiseException.Unless(
            desired.Ports.Count == guests.Count, $"{guests.Count} bindings became {desired.Ports.Count} ports");
    }

    public static Task Pure(Trial trial)
    {
        string? fault = PureCode.Fault(trial.PlugIn.Folder, trial.FreshAgent().GetType());
        BrokenPromiseException.Unless(fault is null, fault ?? "");
        return Task.CompletedTask;
    }

    public static async Task Steady(Trial trial)
    {
        HostBinding[] told = [.. await trial.Bindings()];
        // Two of them as if on another host: who serves a network for others, or spans one, is told of those.
        HostBinding[] here = told[..^2];
        MemberFact[] elsewhere = [.. told[^2..].Select(b => new MemberFact(b, s_other, "192.0.2.2"))];
        INetAgent agent = trial.FreshAgent();
        IReadOnlyList<string> first = Described.Of(agent.Translate(here, elsewhere));
        Same(first, agent.Translate(here, elsewhere), "asked again");
        Same(first, agent.Translate([.. here.Reverse()], [.. elsewhere.Reverse()]), "with the bindings in reverse");
        for (int i = 0; i < 10; i++)
        {
            HostBinding[] shuffled = [.. here];
            Random.Shared.Shuffle(shuffled);
            Same(first, agent.Translate(shuffled, elsewhere), "with the bindings in another order");
        }

        // Loaded anew, as in another process, on a thread where numbers and words are written otherwise.
        INetAgent another = trial.FreshAgent();
        Same(first, Abroad(() => another.Translate(here, elsewhere)), "in another process, under another culture");
    }

    public static async Task Info(Trial trial)
    {
        INetAgent agent = trial.FreshAgent(), another = trial.FreshAgent();
        foreach (HostBinding binding in await trial.Bindings())
        {
            NetworkInfo info = agent.GetNetworkInfo(binding);
            BrokenPromiseException.Unless(
                info.ToDictionary().Select(k => k.Key).SequenceEqual(s_keys), "get_network_info has other keys than the thirteen");
            BrokenPromiseException.Unless(
                info.MacAddress == binding.Info.MacAddress,
                $"get_network_info says MAC {info.MacAddress}, and the host was told {binding.Info.MacAddress}");
            BrokenPromiseException.Unless(
                Described.Line(info.ToDictionary()) == Described.Line(another.GetNetworkInfo(binding).ToDictionary()),
                "get_network_info of one binding differs from call to call");
            CheckXml(binding, agent.GetInterfaceXml(binding));
            BrokenPromiseException.Unless(
                agent.GetInterfaceXml(binding) == another.GetInterfaceXml(binding), "the interface's XML differs from call to call");
            bool[] injected = [.. Enumerable.Range(0, 4).Select(_ => agent.RequiresFileInjection(binding)), another.RequiresFileInjection(binding)];
            BrokenPromiseException.Unless(
                injected.Distinct().Count() == 1, $"requires_file_injection of one binding was {string.Join(", ", injected)}");
        }
    }

    /// <summary>The host as the agent would want it for these, and no others.</summary>
    internal static DesiredHost Desired(ServicePath path, INetAgent agent, IReadOnlyList<BindRecord> guests, IComputeDriver? compute = null)
    {
        BindRecord[] records = [.. guests.Select((g, i) => g with { Revision = i + 1 })];
        HostAssignment assignment = new HostAssignment(1, 0).With(1, new HostRecords(records.Length, IsSnapshot: true, records));
        return new Translator(new Dictionary<ServicePath, INetAgent> { [path] = agent }, compute ?? new NoneDriver()).Translate(assignment);
    }

    private static void CheckXml(HostBinding binding, string text)
    {
        XElement xml = XElement.Parse(text);
        string port = GuestPort.NameOf(binding.Vnic);
        BrokenPromiseException.Unless(xml.Name == "interface", $"the interface's XML is a <{xml.Name}>");
        BrokenPromiseException.Unless(
            string.Equals((string?)xml.Element("mac")?.Attribute("address"), binding.Info.MacAddress.ToString(), StringComparison.OrdinalIgnoreCase),
            $"the interface's XML does not name MAC {binding.Info.MacAddress}: {text}");
        BrokenPromiseException.Unless(
            (string?)xml.Element("target")?.Attribute("dev") == port, $"the interface's XML does not name port {port}: {text}");
    }

    private static void Same(IReadOnlyList<string> first, HostFragment fragment, string how)
    {
        if (Described.Difference(first, Described.Of(fragment), "first", "then") is { } difference)
        {
            throw new BrokenPromiseException($"{how}, the fragment is another one:{difference}");
        }
    }

    /// <summary>On a thread of its own, which is left behind where it does not end.</summary>
    private static T Limited<T>(string what, Func<T> call)
    {
        long began = Stopwatch.GetTimestamp();
        Task<T> running = Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.WaitAny([running], s_limit) == 0
            ? running.GetAwaiter().GetResult()
            : throw new BrokenPromiseException($"{what} had not ended after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
    }

    private static T Abroad<T>(Func<T> call)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NegativeSign, culture.NumberFormat.NumberDecimalSeparator) = ("~", ",");
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.DateTimeFormat.ShortDatePattern = "dd|MM|yyyy";
        T? result = default;
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
            try
            {
                result = call();
            }
            catch (Exception e)
            {
                thrown = e;
            }
        });
        thread.Start();
        thread.Join();
        return thrown is null ? result! : throw new BrokenPromiseException($"{thrown.GetType().Name}: {thrown.Message}");
    }
}
