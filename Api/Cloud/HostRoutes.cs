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
            new("Fence a host that is dead: its bindings are released", """{"fence": null}""")),
    ];

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        IReadOnlyList<HostView> hosts = await grains.GetGrain<ISchedulerGrain>(0).List();
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
        request.Body.Require("fence", "null");
        request.Body.Ignore("fence");
        if (request.Body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        if (!(await Find(request)).Try(out HostView? host, out refusal)
            || !(await Grain(host.Name).Fence(request.Actor)).Try(out FenceResult? fenced, out refusal))
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
        if (!HostName.TryParse(asked, out HostName name) || await Grain(name).Describe() is not { } host
            || host.Status == HostStatus.Unknown)
        {
            return new Refusal(RefusalCode.HostNotFound, $"There is no compute host '{asked}'.", Subject: asked);
        }

        return host;
    }

    private IHostGrain Grain(HostName name) => grains.GetGrain<IHostGrain>(name.Value);

    private static void WriteFields(ResourceWriter w, HostView host)
    {
        w.Field("name", host.Name.Value);
        w.Field("status", host.Status.ToString().ToUpperInvariant());
        w.Field("epoch", host.Epoch);
        w.Field("revision", host.Revision);
        w.Field("reported_revision", host.ReportedRevision);
        w.Field("vnics", host.Vnics);
        w.Field("ignored_reports", host.Ignored);
        w.Field("last_seen", host.LastSeen);
        w.Field("agent_version", host.Hello?.AgentVersion);
        w.Field("compute_driver", host.Hello?.ComputeDriver);
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
