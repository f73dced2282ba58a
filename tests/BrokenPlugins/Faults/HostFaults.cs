namespace NovaOrleans.BrokenPlugins;

/// <summary>Breaks <c>any-state</c>: a bridge that it made once it makes for ever.</summary>
internal sealed class LeavesBridgeService : RightService
{
    public override INetAgent Agent(IHostLink link) => new Leaves(link);

    private sealed class Leaves(IHostLink link) : RightAgent(link)
    {
        private readonly Dictionary<string, Bridge> _ever = [];

        public override HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
        {
            HostFragment right = base.Translate(bindings, elsewhere);
            foreach (Bridge bridge in right.Bridges)
            {
                _ever[bridge.Name] = bridge;
            }

            return right with { Bridges = [.. _ever.Values] };
        }
    }
}

/// <summary>Breaks <c>boots</c>: it never says that the network is there.</summary>
internal sealed class RefusesSetupService : RightService
{
    public override INetAgent Agent(IHostLink link) => new Refuses(link);

    private sealed class Refuses(IHostLink link) : RightAgent(link)
    {
        public override Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => throw new InvalidOperationException("not today");
    }
}

/// <summary>Breaks <c>teardown</c>: it never says that the network is gone.</summary>
internal sealed class RefusesTeardownService : RightService
{
    public override INetAgent Agent(IHostLink link) => new Refuses(link);

    private sealed class Refuses(IHostLink link) : RightAgent(link)
    {
        public override Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => throw new InvalidOperationException("it stays");
    }
}
