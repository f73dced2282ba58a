using NovaOrleans.Api.Routes;
using NovaOrleans.Instances;
using NovaOrleans.Ledger;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Servers;

/// <summary>
/// What an instance's NICs are to be and what their host says they are, and why a packet passes or does not: both from the ledger,
/// so that they are answered also while the host is away.
/// </summary>
internal sealed class ServerNetworkRoutes(IGrainFactory grains, ServerReader reader) : ICoreRoutes
{
    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, $"{ServerResource.Collection}/{{id}}/network", Access.Reader, Show,
            new("What each NIC is to be, and what its host last said of it")),
        new(HttpMethod.Get, "/v1.1/vnics/{id}/explain", Access.Reader, Explain,
            new("Which rule lets a flow pass or drops it: ?to= or ?from= an address, ?protocol=tcp|udp|icmp, ?port=")),
    ];

    private ILedgerQueryGrain Ledger => grains.GetGrain<ILedgerQueryGrain>(0);

    private async Task<ApiAnswer> Show(ApiRequest request)
    {
        if (!(await reader.Find(request)).Try(out InstanceView? instance, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<NicStanding> nics = await Ledger.Standings(instance.Vnics);
        return ApiAnswer.Ok(w =>
        {
            w.BeginRoot("network");
            w.Field("server_id", instance.Id.Value);
            w.Field("host", instance.Host?.Value);
            w.BeginList("nics", "nic");
            foreach (NicStanding nic in nics.OrderBy(n => n.Binding.NicIndex))
            {
                w.BeginItem();
                Write(w, nic);
                w.EndItem();
            }

            w.EndList();
            w.EndRoot();
        });
    }

    private static void Write(ResourceWriter w, NicStanding nic)
    {
        HostBinding binding = nic.Binding;
        w.Field("vnic_id", binding.Vnic.Value);
        w.Field("index", binding.NicIndex);
        w.Field("state", nic.State.ToString().ToLowerInvariant());
        w.Field("fault", nic.Fault);
        w.Field("revision", nic.Revision);
        w.Field("reported_revision", nic.ReportedRevision);
        w.Field("generation", binding.Generation);
        w.Field("since", nic.At);
        w.Field("network", binding.Network?.Label);
        w.Field("network_id", binding.Network?.Network.Value);
        w.Field("port_state", binding.Up ? "ACTIVE" : "DOWN");
        w.BeginObject("info");
        foreach ((string key, string? value) in binding.Info.ToDictionary())
        {
            w.Field(key, value);
        }

        w.EndObject();
        w.BeginList("security_groups", "security_group");
        foreach (SecurityGroupId group in binding.SecurityGroups)
        {
            w.Item(group.ToString());
        }

        w.EndList();
        w.BeginList("floating_ips", "floating_ip");
        foreach (FloatingAddress floating in binding.FloatingIps)
        {
            w.Item(floating.Address.ToString());
        }

        w.EndList();
    }

    private async Task<ApiAnswer> Explain(ApiRequest request)
    {
        if (!Flow(request).Try(out ExplainFlow? flow, out Refusal? refusal)
            || !(await Own(request, flow.Vnic)).Try(out _, out refusal)
            || !(await Ledger.Explain(flow)).Try(out FlowView? answer, out refusal))
        {
            return refusal;
        }

        return ApiAnswer.Ok(w =>
        {
            w.BeginRoot("flow");
            w.Field("verdict", answer.Verdict.ToString().ToLowerInvariant());
            w.Field("because", answer.Because);
            w.BeginList("steps", "step");
            foreach (string step in answer.Steps)
            {
                w.Item(step);
            }

            w.EndList();
            w.EndRoot();
        });
    }

    private static Outcome<ExplainFlow> Flow(ApiRequest request)
    {
        if (!Guid.TryParseExact(request.Route("id"), "D", out Guid vnic))
        {
            return Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", request.Route("id"));
        }

        (string? to, string? from) = (request.Query("to"), request.Query("from"));
        if (to is not null && from is not null)
        {
            return Wrong("from", "left out where 'to' is given");
        }

        string? peer = to ?? from;
        if (peer is not null && !Ip4Address.TryParse(peer, out _))
        {
            if (!Ip6Address.TryParse(peer, out Ip6Address six))
            {
                return Wrong(to is null ? "from" : "to", $"{Ip4Address.Accepts}, or {Ip6Address.Accepts}");
            }

            peer = six.ToString();
        }

        RuleProtocol protocol = RuleProtocol.Any;
        if (request.Query("protocol") is { } named
            && (!Enum.TryParse(named, ignoreCase: true, out protocol) || !char.IsAsciiLetter(named[0])))
        {
            return Wrong("protocol", "tcp, udp, icmp or any");
        }

        int? port = null;
        if (request.Query("port") is { } number)
        {
            if (!ushort.TryParse(number, out ushort parsed))
            {
                return Wrong("port", "a number from 0 to 65535");
            }

            port = parsed;
        }

        return new ExplainFlow(new VnicId(vnic), peer, from is not null, protocol, port);
    }

    /// <summary>Another project's VNIC is as unknown as one that never was.</summary>
    private async Task<Outcome<VnicView>> Own(ApiRequest request, VnicId vnic)
    {
        IReadOnlyList<VnicView> found = await Ledger.VnicsById([vnic]);
        return found is [var card] && (request.Scope is not { } scope || card.Project == scope)
            ? card
            : Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", vnic);
    }

    private static Refusal Wrong(string name, string accepts) =>
        new(RefusalCode.MalformedRequest, $"Query '{name}' is wrong; accepted is {accepts}.", Field: name);
}
