using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Api.Routes;
using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Api.Cloud;

/// <summary>What there is: versions, network services (S1), and whether the process answers at all.</summary>
internal sealed class VersionRoutes(NetworkServiceManager services) : ICoreRoutes
{
    public IEnumerable<ApiRoute> Routes()
    {
        yield return Route("/", Access.Open, _ => Versions, "The API's versions");
        yield return Route("/healthz", Access.Open, _ => Alive, "Whether this process answers");
        yield return Route("/services", Access.Caller, _ => Services, "The network services, and why some are not");
        foreach (string version in NetworkServiceRouteMap.Versions)
        {
            yield return Route(
                $"/{version}", Access.Open, request => w => Version(w, request, version), "One version of the API");
        }
    }

    private static ApiRoute Route(
        string pattern, Access access, Func<ApiRequest, Action<ResourceWriter>> write, string summary) => new(
        HttpMethod.Get, pattern, access, r => Task.FromResult(ApiAnswer.Ok(write(r))), new RouteDescription(summary));

    private static Action<ResourceWriter> Alive => w =>
    {
        w.BeginRoot("health");
        w.Field("status", "ok");
        w.EndRoot();
    };

    private static Action<ResourceWriter> Versions => w =>
    {
        w.BeginList("versions", "version");
        foreach (string version in NetworkServiceRouteMap.Versions)
        {
            w.BeginItem();
            WriteVersion(w, version);
            w.EndItem();
        }

        w.EndList();
    };

    private void Version(ResourceWriter w, ApiRequest request, string version)
    {
        w.BeginRoot("version");
        WriteVersion(w, version);
        w.BeginList("links", "link");
        IEnumerable<string> names = services.List().Select(s => s.Name);
        foreach (string rel in version == "v1.1" ? names.Append("servers") : names)
        {
            w.BeginItem();
            w.Field("rel", rel);
            w.Field("href", request.Href($"/{version}/{rel}"));
            w.EndItem();
        }

        w.EndList();
        w.EndRoot();
    }

    private static void WriteVersion(ResourceWriter w, string version)
    {
        w.Field("id", version);
        w.Field("status", version == NetworkServiceRouteMap.Versions[0] ? "CURRENT" : "SUPPORTED");
    }

    private Action<ResourceWriter> Services => w =>
    {
        w.BeginList("services", "service");
        foreach (INetworkService service in services.List())
        {
            w.BeginItem();
            w.Field("path", service.Path.Value);
            w.Field("name", service.Name);
            w.Field("version", service.Version);
            w.Field("contract", service.ContractVersion);
            w.Field("default", service.Path == services.Default);
            w.EndItem();
        }

        w.EndList();
        w.BeginList("faults", "fault");
        foreach (LoadFault fault in services.Faults)
        {
            w.BeginItem();
            w.Field("line", fault.Line);
            w.Field("path", fault.Path);
            w.Field("message", fault.Reason);
            w.EndItem();
        }

        w.EndList();
    };
}
