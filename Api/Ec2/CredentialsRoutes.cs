using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Api.Routes;
using NovaOrleans.Ec2;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Projects;

namespace NovaOrleans.Api.Ec2;

/// <summary>A project's credentials as an archive. What is missing in it is told in a header of its own.</summary>
internal sealed class CredentialsRoutes(IGrainFactory grains, NetworkServiceManager services, ProjectServices projects)
    : ICoreRoutes
{
    public const string WarningHeader = "X-Nova-Warning";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, "/v1.1/projects/{id}/credentials", Access.Admin, Bundle,
            new("A zip archive with what the project's people need: novarc, and client.ovpn where there is a VPN")),
    ];

    private async Task<ApiAnswer> Bundle(ApiRequest request)
    {
        if (!ProjectId.TryParse(request.Route("id"), out ProjectId id))
        {
            return Refusal.NotFound(RefusalCode.ProjectNotFound, "project", request.Route("id"));
        }

        if (!(await projects.Ask(id)).Try(out ProjectView? project, out Refusal? refusal)
            || !services.OsService(project.Effective).Try(out IOsService? door, out refusal))
        {
            return refusal;
        }

        Ec2Key? key = await grains.GetGrain<IEc2KeyRingGrain>(id.Value).Newest();
        VpnEndpoint? vpn = await door.GetProjectVpnAddressAndPort(id);
        byte[] zip = CredentialsBundle.Zip(new Uri(request.Href("/")), id, key, vpn);
        HttpResponse response = request.Context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/zip";
        response.ContentLength = zip.Length;
        response.Headers.ContentDisposition = $"attachment; filename=\"{id}.zip\"";
        response.Headers.CacheControl = "no-store";
        response.Headers[WarningHeader] = CredentialsBundle.Warnings(key, vpn).ToArray();
        await response.Body.WriteAsync(zip, request.Context.RequestAborted);
        return ApiAnswer.NoContent;
    }
}
