using System.Collections.Concurrent;

namespace NovaOrleans.BrokenPlugins;

/// <summary>Breaks <c>vnic</c>: the VNIC that it gives is none.</summary>
internal sealed class NoCardService : RightService
{
    public override IOsService Os(INetworkServiceHost host) => new OsService(Path, host.Grains);

    private sealed class OsService(ServicePath service, IGrainFactory grains) : RightOs(service, grains)
    {
        public override async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic) =>
            (await Room(project)).Refusal is { } refusal ? refusal : vnic;
    }
}

/// <summary>Breaks <c>repeat</c>: a launch that is repeated makes a second card.</summary>
internal sealed class SecondCardService : RightService
{
    public override IOsService Os(INetworkServiceHost host) => new OsService(Path, host.Grains);

    private sealed class OsService(ServicePath service, IGrainFactory grains) : RightOs(service, grains)
    {
        public override async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic)
        {
            if (await IsThere(vnic) && (await Found([vnic]))[0].Project == project)
            {
                await base.GetDefaultVnicId(project, VnicId.New());
            }

            return await base.GetDefaultVnicId(project, vnic);
        }
    }
}

/// <summary>Breaks <c>validation</c>: what it is asked about and does not find, it makes, and refuses all the same.</summary>
internal sealed class MakesAtValidationService : RightService
{
    public override IOsApiService OsApi(INetworkServiceHost host) => new Api(Path, host.Grains);

    private sealed class Api(ServicePath service, IGrainFactory grains) : RightOsApi(service, grains)
    {
        public override async Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics)
        {
            Outcome valid = await base.ValidateVnics(project, vnics);
            if (valid.Refused && (await Grains.GetGrain<ILedgerQueryGrain>(0).VnicsById(vnics)).Count == 0)
            {
                await Grains.GetGrain<IVnicGrain>(Guid.CreateVersion7()).Create(new CreateCard(Service, project, project.Value));
            }

            return valid;
        }
    }
}

/// <summary>Breaks <c>ownership</c>: it binds whatever card it is asked to.</summary>
internal sealed class GivesAwayService : RightService
{
    public override IOsService Os(INetworkServiceHost host) => new OsService(Path, host.Grains);

    private sealed class OsService(ServicePath service, IGrainFactory grains) : RightOs(service, grains)
    {
        protected override bool Usable(ProjectId project, VnicView card) => card.Service == Service;
    }
}

/// <summary>Breaks <c>refusal</c>: the card is made before it is known whether there is a room for it.</summary>
internal sealed class LeavesCardService : RightService
{
    public override IOsService Os(INetworkServiceHost host) => new OsService(Path, host.Grains);

    private sealed class OsService(ServicePath service, IGrainFactory grains) : RightOs(service, grains)
    {
        public override async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic)
        {
            Outcome<VnicView> made = await Grains.GetGrain<IVnicGrain>(vnic.Value).Create(new CreateCard(Service, project, project.Value));
            return made.Refused ? made.Refusal : (await Room(project)).Refusal is { } refusal ? refusal : vnic;
        }
    }
}

/// <summary>Breaks <c>vpn</c>: another port each time.</summary>
internal sealed class RestlessVpnService : RightService
{
    public override IOsService Os(INetworkServiceHost host) => new OsService(Path, host.Grains);

    private sealed class OsService(ServicePath service, IGrainFactory grains) : RightOs(service, grains)
    {
        private int _port = 1000;

        public override Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project) =>
            Task.FromResult<VpnEndpoint?>(new VpnEndpoint("198.51.100.1", _port++));
    }
}

/// <summary>Breaks <c>races</c>: between looking for a port and making one, others look too.</summary>
internal sealed class LooksThenActsService : RightService
{
    public override IOsService Os(INetworkServiceHost host) => new OsService(Path, host.Grains);

    private sealed class OsService(ServicePath service, IGrainFactory grains) : RightOs(service, grains)
    {
        protected override async Task<Outcome<PortView>> Plug(ProjectId project, VnicView card) =>
            (await Room(project)).Try(out NetworkId room, out Refusal? refusal)
                ? await Pool(room).Plug(new PlugVnic(card.Id, card.Mac, project, project.Value) { Further = PortId.New() }) : refusal;
    }
}

/// <summary>Breaks <c>storage</c>: it believes in a card before the ledger has it.</summary>
internal sealed class BelievesTooEarlyService : RightService
{
    public override IOsService Os(INetworkServiceHost host) => new OsService(Path, host.Grains);

    private sealed class OsService(ServicePath service, IGrainFactory grains) : RightOs(service, grains)
    {
        private readonly ConcurrentDictionary<(ProjectId, VnicId), bool> _made = new();

        public override async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic) =>
            (await Room(project)).Refusal is { } refusal ? refusal
            : _made.TryAdd((project, vnic), true) ? await base.GetDefaultVnicId(project, vnic) : vnic;
    }
}

/// <summary>Breaks <c>restart</c>: what it needs for a binding it has in memory.</summary>
internal sealed class ForgetsService : RightService
{
    private static readonly ConcurrentDictionary<VnicId, bool> s_known = new();

    public override IOsService Os(INetworkServiceHost host) => new OsService(Path, host.Grains);

    private sealed class OsService(ServicePath service, IGrainFactory grains) : RightOs(service, grains)
    {
        public override async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic)
        {
            Outcome<VnicId> made = await base.GetDefaultVnicId(project, vnic);
            if (!made.Refused)
            {
                s_known[vnic] = true;
            }

            return made;
        }

        public override Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics) => s_known.IsEmpty
            ? Task.FromResult<Outcome>(new Refusal(RefusalCode.Conflict, "No VNIC was ever made."))
            : base.BindVnicsToPorts(project, vnics);
    }
}

/// <summary>Breaks <c>leaks</c>: it takes an address more, and nobody gives it back.</summary>
internal sealed class LeaksService : RightService
{
    public override IOsService Os(INetworkServiceHost host) => new OsService(Path, host.Grains);

    private sealed class OsService(ServicePath service, IGrainFactory grains) : RightOs(service, grains)
    {
        public override async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic)
        {
            bool isNew = !await IsThere(vnic);
            Outcome<VnicId> made = await base.GetDefaultVnicId(project, vnic);
            if (!made.Refused && isNew && (await Room(project)).Try(out NetworkId room, out _))
            {
                await Pool(room).CreatePort(new CreatePort(PortId.New(), project, project.Value));
            }

            return made;
        }
    }
}
