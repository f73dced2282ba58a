using System.Diagnostics;

namespace NovaOrleans.BrokenPlugins;

/// <summary>Breaks <c>translates</c>: it does not come back. It rests between, so that a test's machine is not the victim.</summary>
internal sealed class LoopsService : RightService
{
    public override INetAgent Agent(IHostLink link) => new Loops(link);

    private sealed class Loops(IHostLink link) : RightAgent(link)
    {
        public override HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
        {
            using var never = new ManualResetEventSlim();
            while (bindings.Count > 0)
            {
                never.Wait(20);
            }

            return HostFragment.Empty;
        }
    }
}

/// <summary>Breaks <c>translates</c>: whatever it is given is too much.</summary>
internal sealed class ThrowsInTranslateService : RightService
{
    public override INetAgent Agent(IHostLink link) => new Throws(link);

    private sealed class Throws(IHostLink link) : RightAgent(link)
    {
        public override HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere) =>
            bindings.Count == 0 ? HostFragment.Empty : throw new InvalidOperationException("no bridge today");
    }
}

/// <summary>Breaks <c>pure</c>: it looks at the clock, far from where it translates.</summary>
internal sealed class ClockService : RightService
{
    public override INetAgent Agent(IHostLink link) => new Clock(link);

    private sealed class Clock(IHostLink link) : RightAgent(link)
    {
        public override HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere) =>
            bindings.Select(Later).All(l => l) ? base.Translate(bindings, elsewhere) : HostFragment.Empty;

        // The banned clock is what this one is broken for.
#pragma warning disable RS0030
        private static bool Later(HostBinding binding) => binding.NicIndex < DateTime.UtcNow.Year;
#pragma warning restore RS0030
    }
}

/// <summary>Breaks <c>pure</c>: it draws lots.</summary>
internal sealed class RandomService : RightService
{
    public override INetAgent Agent(IHostLink link) => new Lots(link);

    private sealed class Lots(IHostLink link) : RightAgent(link)
    {
        public override HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere) =>
            Random.Shared.Next(10) < 10 ? base.Translate(bindings, elsewhere) : HostFragment.Empty;
    }
}

/// <summary>Breaks <c>pure</c>: it asks what runs on the host.</summary>
internal sealed class ProcessService : RightService
{
    public override INetAgent Agent(IHostLink link) => new Runs(link);

    private sealed class Runs(IHostLink link) : RightAgent(link)
    {
        public override HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
        {
            using Process own = Process.GetCurrentProcess();
            return own.Id > 0 ? base.Translate(bindings, elsewhere) : HostFragment.Empty;
        }
    }
}

/// <summary>Breaks <c>steady</c>: the binding told first is at the top.</summary>
internal sealed class ByOrderService : RightService
{
    public override INetAgent Agent(IHostLink link) => new ByOrder(link);

    private sealed class ByOrder(IHostLink link) : RightAgent(link)
    {
        public override HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
        {
            HostFragment right = base.Translate(bindings, elsewhere);
            return right with
            {
                Bridges = [.. right.Bridges.Select(b => b with { Addresses = b.Name == bindings[0].Network!.Bridge ? ["192.0.2.1/24"] : [] })],
            };
        }
    }
}

/// <summary>Breaks <c>steady</c>: a word for the process that it runs in.</summary>
internal sealed class ByProcessService : RightService
{
    private static int s_asked;

    public override INetAgent Agent(IHostLink link) => new Counts(link);

    private sealed class Counts(IHostLink link) : RightAgent(link)
    {
        public override HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
        {
            string address = Interlocked.Increment(ref s_asked) % 2 == 0 ? "192.0.2.2/24" : "192.0.2.1/24";
            HostFragment right = base.Translate(bindings, elsewhere);
            return right with { Bridges = [.. right.Bridges.Select(b => b with { Addresses = [address] })] };
        }
    }
}

/// <summary>Breaks <c>info</c>: asked a second time, it wants the file written.</summary>
internal sealed class ChangesItsMindService : RightService
{
    public override INetAgent Agent(IHostLink link) => new Changes(link);

    private sealed class Changes(IHostLink link) : RightAgent(link)
    {
        private bool _last;

        public override bool RequiresFileInjection(HostBinding binding) => _last = !_last;
    }
}
