using NovaOrleans.Api.Routes;
using NovaOrleans.Hosts;

namespace NovaOrleans.Api.Cloud;

/// <summary>Compute hosts: what is known of them, and the operator's word that one is dead.</summary>
internal sealed class HostRoutes(IGrainFactory grains) : ICoreRoutes
{
    private const string Collection = "/v1.1/hosts";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, Collection, Access.Admin, List, new("All compute hosts")),
        new(HttpMethod.Get, $"{Collection}/{{name}}", Access.Admin, Show, new("One compute host")),
        new(HttpMethod.Post, $"{Collection}/{{name}}/action", Access.Admin, Act,
            new("Fence a host that is dead, drain one that is to be emptied, or take it back", """{"drain": {"reason": "disk"}}""")),
        new(HttpMethod.Delete, $"{Collection}/{{name}}", Access.Admin, Remove, new("Forget a host that is gone and has no VNICs")),
    ];

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        IReadOnlyList<HostView> hosts = await Scheduler.List();
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("hosts", "host");
            foreach (HostView host in hosts)
            {
                w.BeginItem();
                WriteFields(w, host);
                w.EndItem();
            }

            w.EndList();
        });
    }

    private async Task<ApiAnswer> Show(ApiRequest request)
    {
        if (!(await Find(request)).Try(out HostView? host, out Refusal? refusal))
        {
            return refusal;
        }

        return ApiAnswer.Ok(w =>
        {
            w.BeginRoot("host");
            WriteFields(w, host);
            w.EndRoot();
        });
    }

    private async Task<ApiAnswer> Act(ApiRequest request)
    {
        BodyReader body = request.Body;
        body.Ignore("fence", "undrain");
        string? reason = body.Has("drain") ? body.Object("drain").Label("reason") : null;
        if (body.FieldNames.Count() != 1)
        {
            body.Reject("action", "Give one action: fence, drain or undrain.");
        }

        if (body.Faulty(out Refusal? refusal) || !(await Find(request)).Try(out HostView? host, out refusal))
        {
            return refusal;
        }

        if (body.Has("fence"))
        {
            return await Fence(request, host);
        }

        Outcome drained = await Scheduler.Drain(new DrainHost(host.Name, body.Has("drain"), reason, request.Actor));
        return drained.Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }

    private async Task<ApiAnswer> Remove(ApiRequest request) =>
        !(await Find(request)).Try(out HostView? host, out Refusal? refusal) ? refusal
        : (await Scheduler.Remove(host.Name, request.Actor)).Refusal is { } refused ? refused
        : ApiAnswer.NoContent;

    private async Task<ApiAnswer> Fence(ApiRequest request, HostView host)
    {
        if (!(await Grain(host.Name).Fence(request.Actor)).Try(out FenceResult? fenced, out Refusal? refusal))
        {
            return refusal;
        }

        return ApiAnswer.Accepted(w =>
        {
            w.BeginRoot("fence");
            w.Field("host", host.Name.Value);
            w.Field("epoch", fenced.Epoch);
            w.BeginList("released", "vnic");
            foreach (VnicId vnic in fenced.Released)
            {
                w.Item(vnic.ToString());
            }

            w.EndList();
            w.EndRoot();
        });
    }

    /// <summary>A host exists once its agent has opened a session; asking for another name makes no host.</summary>
    private async Task<Outcome<HostView>> Find(ApiRequest request)
    {
        string asked = request.Route("name");
        IReadOnlyList<HostView> known = await Scheduler.List();
        if (!HostName.TryParse(asked, out HostName name) || known.FirstOrDefault(h => h.Name == name) is not { } listed)
        {
            return new Refusal(RefusalCode.HostNotFound, $"There is no compute host '{asked}'.", Subject: asked);
        }

        return await Grain(name).Describe() with { Drained = listed.Drained, DrainReason = listed.DrainReason };
    }

    private ISchedulerGrain Scheduler => grains.GetGrain<ISchedulerGrain>(0);

    private IHostGrain Grain(HostName name) => grains.GetGrain<IHostGrain>(name.Value);

    private static void WriteFields(ResourceWriter w, HostView host)
    {
        w.Field("name", host.Name.Value);
        w.Field("status", host.Status.ToString().ToUpperInvariant());
        w.Field("drained", host.Drained);
        w.Field("drain_reason", host.DrainReason);
        w.Field("epoch", host.Epoch);
        w.Field("revision", host.Revision);
        w.Field("reported_revision", host.ReportedRevision);
        w.Field("vnics", host.Vnics);
        w.Field("ignored_reports", host.Ignored);
        w.Field("last_seen", host.LastSeen);
        w.Field("agent_version", host.Hello?.AgentVersion);
        w.Field("compute_driver", host.Hello?.ComputeDriver);
        w.Field("address", host.Hello?.Address);
        w.BeginList("services", "service");
        foreach ((string path, string version) in host.Hello?.Services ?? new Dictionary<string, string>())
        {
            w.BeginItem();
            w.Field("path", path);
            w.Field("version", version);
            w.EndItem();
        }

        w.EndList();
    }
}
