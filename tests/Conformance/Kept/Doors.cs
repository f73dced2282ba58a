using Microsoft.AspNetCore.Routing.Patterns;
using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Api.Routes;
using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Conformance.Kept;

/// <summary>How the plug-in comes in, and what it answers over HTTP.</summary>
internal static class Doors
{
    private static readonly string[] s_unreadable = ["{\"conformance_has_no_such_field\":{\"colour\":\"red\"}}", "{", "<a", "[]", "<a><b/></a>"];

    public static async Task Loads(Trial trial)
    {
        LoadedNetworkServices loaded = trial.PlugIn.Load();
        if (loaded.Faults.Count > 0)
        {
            throw new BrokenPromiseException(loaded.Faults[0].Reason);
        }

        await trial.Start(loaded);
        if (trial.Server.Services.Faults is [{ } fault, ..])
        {
            throw new BrokenPromiseException(fault.Reason);
        }

        INetworkService service = trial.Server.Service;
        BrokenPromiseException.Unless(
            service.Name == service.Path.ShortName, $"its name is '{service.Name}'; URLs have the last word of its path, '{service.Path.ShortName}'");
        BrokenPromiseException.Unless(
            service.Version is { Length: > 0 and <= 64 } version && !version.Any(char.IsWhiteSpace),
            $"its version is '{service.Version}'; accepted are 1 to 64 characters without spaces");
        BrokenPromiseException.Unless(trial.Os is not null, "get_os_service gives null");
        BrokenPromiseException.Unless(trial.OsApi is not null, "get_os_api_service gives null");
        BrokenPromiseException.Unless(trial.FreshAgent() is not null, "get_net_agent gives null");
    }

    public static async Task Routes(Trial trial)
    {
        var map = new NetworkServiceRouteMap(trial.Server.Service);
        try
        {
            trial.OsApi.MapRoutes(map);
        }
        catch (Exception e)
        {
            throw new BrokenPromiseException(e.Message);
        }

        string prefix = $"/{trial.PlugIn.Path.ShortName}/";
        foreach (ApiRoute route in map.Routes)
        {
            BrokenPromiseException.Unless(route.Pattern.Contains(prefix, StringComparison.Ordinal), $"{route} is not below {prefix}");
        }

        Tenant tenant = await trial.Tenant(network: false);
        Reply root = await trial.Ask(new Question(tenant.Project, $"GET {trial.PlugIn.Path.ShortName}/"));
        BrokenPromiseException.Unless(root.Status == 200, $"the facade does not serve it: {root}");
    }

    public static async Task Answers(Trial trial)
    {
        Tenant tenant = await trial.Tenant();
        foreach (string path in Shown(trial, tenant))
        {
            Reply reply = await tenant.Ask($"GET {path}");
            BrokenPromiseException.Unless(reply.IsGood || reply.Status == 501, WithLog(trial, reply));
        }

        (long, long) before = await trial.Server.Amounts();
        foreach (ConformanceFile.Request refused in trial.PlugIn.Script.Refused)
        {
            await tenant.Ask(refused with { Status = refused.Status ?? 400 });
        }

        foreach (ApiRoute route in Mapped(trial).Where(r => r.Method == HttpMethod.Post && !HasParameters(r)))
        {
            foreach (string body in s_unreadable)
            {
                Reply reply = await tenant.Ask($"POST {Below(trial, route)}", body);
                BrokenPromiseException.Unless(
                    reply.Status is (>= 400 and < 500) or 501, $"{WithLog(trial, reply)}, to a body that cannot be read: {body}");
            }
        }

        BrokenPromiseException.Unless(before == await trial.Server.Amounts(), "what was refused made cards or ports");
        await tenant.Remove();
    }

    public static async Task Formats(Trial trial)
    {
        Tenant tenant = await trial.Tenant();
        foreach (string path in Shown(trial, tenant))
        {
            (Reply json, Reply xml) = (await tenant.Ask($"GET {path}"), await tenant.Ask($"GET {path}", xml: true));
            BrokenPromiseException.Unless(xml.Status == json.Status, $"{json}; {xml}");
            if (json.IsGood && BothFormats.Difference(json.Text, xml.Text) is { } difference)
            {
                throw new BrokenPromiseException($"GET {path}: {difference}");
            }
        }

        // The same requests in XML make another project the same.
        Tenant other = await trial.Tenant(network: false);
        foreach (Reply reply in await other.Make(xml: true))
        {
            BrokenPromiseException.Unless(reply.Text.Length == 0 || reply.Text.StartsWith('<'), $"{reply}, which is no XML");
        }

        await other.Remove(xml: true);
        await tenant.Remove();
    }

    /// <summary>What the file says may be read, and every list that has no parameters.</summary>
    private static IEnumerable<string> Shown(Trial trial, Tenant tenant) => Mapped(trial)
        .Where(r => r.Method == HttpMethod.Get && !HasParameters(r))
        .Select(r => Below(trial, r))
        .Concat(trial.PlugIn.Script.Show.Select(tenant.Filled))
        .Distinct();

    private static IEnumerable<ApiRoute> Mapped(Trial trial)
    {
        var map = new NetworkServiceRouteMap(trial.Server.Service);
        trial.OsApi.MapRoutes(map);
        return map.Routes.Where(r => !r.IsAlias && r.Pattern.StartsWith("/v1.1/", StringComparison.Ordinal));
    }

    private static bool HasParameters(ApiRoute route) => RoutePatternFactory.Parse(route.Pattern).Parameters.Count > 0;

    private static string Below(Trial trial, ApiRoute route) => route.Pattern[$"/v1.1/{trial.PlugIn.Path.ShortName}/".Length..];

    private static string WithLog(Trial trial, Reply reply) =>
        reply.Status >= 500 && trial.Server.Errors.Text is { Length: > 0 } log ? $"{reply}; the server's log: {log}" : reply.ToString();
}
