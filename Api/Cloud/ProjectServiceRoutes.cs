using System.Globalization;
using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Api.Routes;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Projects;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Cloud;

/// <summary>The network service that a project uses (S43 to S46, S68 to S74, S149 to S152).</summary>
internal sealed class ProjectServiceRoutes(
    IGrainFactory grains, NetworkServiceManager services, ProjectServices known) : ICoreRoutes
{
    private const string One = ProjectResource.Collection + "/{id}/network_service";
    private const string Accepts = "a network service's module path or short name, as in acme.network.blue or blue";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, One, Access.Admin, Show, new("The network service that the project uses")),
        new(HttpMethod.Put, One, Access.Admin, Set,
            new("Set the project's network service", """{"network_service": "vlan", "force": false}""")),
        new(HttpMethod.Get, One + "/plan", Access.Admin, Plan,
            new("What a change to ?network_service= would leave behind, what stands in its way, and the commands that do it")),
    ];

    private async Task<ApiAnswer> Show(ApiRequest request) =>
        !ProjectResource.IdOf(request).Try(out ProjectId id, out Refusal? refusal) ? refusal
        : (await known.Ask(id)).Try(out ProjectView? project, out refusal)
            ? ApiAnswer.Ok(w => ProjectResource.Write(w, request, project))
            : refusal;

    private async Task<ApiAnswer> Set(ApiRequest request)
    {
        if (!ProjectResource.IdOf(request).Try(out ProjectId id, out Refusal? refusal))
        {
            return refusal;
        }

        request.Body.Require("network_service", Accepts);
        string? asked = request.Body.Text("network_service", t => !string.IsNullOrEmpty(t), Accepts);
        bool force = request.Body.Flag("force") ?? false;
        if (request.Body.Faulty(out refusal) || !Find(asked).Try(out INetworkService? service, out refusal))
        {
            return refusal;
        }

        Outcome<ProjectView> set =
            await grains.GetGrain<IProjectGrain>(id.Value).SetNetworkService(service.Path, force, request.Actor);
        known.Forget(id);
        if (!set.Try(out ProjectView? project, out refusal))
        {
            return refusal;
        }

        IReadOnlyList<string> warnings = await Warnings(project);
        return ApiAnswer.Ok(w => ProjectResource.Write(w, request, project, warnings));
    }

    /// <summary>Decides nothing: what a change would leave behind, as it is now, and how it is done.</summary>
    private async Task<ApiAnswer> Plan(ApiRequest request)
    {
        if (!ProjectResource.IdOf(request).Try(out ProjectId id, out Refusal? refusal)
            || !(await known.Ask(id)).Try(out ProjectView? project, out refusal)
            || !Find(request.Query("network_service")).Try(out INetworkService? service, out refusal))
        {
            return refusal;
        }

        // Asked for only now: this is one of the routes that the table is made of.
        ApiRouteTable routes = request.Context.RequestServices.GetRequiredService<ApiRouteTable>();
        ServiceSwitch change = await new ServiceSwitchReader(grains).Read(project, service, routes);
        return ApiAnswer.Ok(w => ServiceSwitchReader.Write(w, change));
    }

    private Outcome<INetworkService> Find(string? asked)
    {
        Refusal? refusal = null;
        return asked is not null && services.Find(asked).Try(out INetworkService? service, out refusal)
            ? Outcome.Of(service)
            : (refusal ?? new Refusal(
                RefusalCode.MalformedRequest, $"Field 'network_service' was null; accepted is {Accepts}."))
                with
            { Field = "network_service" };
    }

    private Task<IReadOnlyList<VnicView>> Keeping(ProjectId project, ServicePath service) =>
        grains.GetGrain<ILedgerQueryGrain>(0).VnicsOfOthers([service], project, new Page());

    /// <summary>What an operator should know of the change (S151); it is done all the same.</summary>
    private async Task<IReadOnlyList<string>> Warnings(ProjectView project)
    {
        var warnings = new List<string>();
        if (project.Service == services.Default)
        {
            warnings.Add($"{project.Service} is the default: the project would use it without being set.");
        }

        IReadOnlyList<VnicView> kept = await Keeping(project.Id, project.Effective);
        int instances = kept.Select(v => v.Instance).OfType<InstanceId>().Distinct().Count();
        if (instances > 0)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Instances of the project that keep another network service until they are deleted: {instances}."));
        }

        return warnings;
    }
}
