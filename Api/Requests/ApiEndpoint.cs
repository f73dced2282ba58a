using System.Threading.RateLimiting;
using NovaOrleans.Api.Callers;
using NovaOrleans.Api.Failover;
using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Api.Routes;
using NovaOrleans.Projects;

namespace NovaOrleans.Api.Requests;

/// <summary>
/// What every request goes through, in order: a place among those in flight, who asks and how fast, whether the role is
/// enough, whether the project uses the URL's network service, the body, the handler, the answer. This is the hot path:
/// no middleware, no log line, no reflection.
/// </summary>
internal sealed partial class ApiEndpoint(
    ICallers callers, CallerRates rates, ProjectServices projects, AnswerWriter answers, RateLimiter gate,
    ILogger<ApiEndpoint> log)
{
    private static readonly Refusal Busy = new(
        RefusalCode.ServiceUnavailable, "Too many requests are in flight and waiting; repeat this one in a second.");

    private static readonly Refusal NoProject = new(
        RefusalCode.MalformedRequest,
        $"Header '{CallerHeaders.Project}' is missing: name the project that the request is for.",
        Field: CallerHeaders.Project);

    private static readonly Refusal NoAdmin = new(RefusalCode.Forbidden, "Only an admin may do this.");

    private static readonly Refusal NoMember = new(
        RefusalCode.Forbidden, "The token's role is reader, which changes nothing: this needs member.");

    public async Task Run(HttpContext context, ApiRoute route)
    {
        try
        {
            // What is open costs nothing, and a health check that fails under load would get a busy process restarted.
            using RateLimitLease? turn = route.Access == Access.Open ? null : await Turn(context);
            await (turn is { IsAcquired: false } ? Refuse(context, Busy) : Serve(context, route));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
    }

    private async Task Serve(HttpContext context, ApiRoute route)
    {
        try
        {
            LogAsked(route);
            ApiAnswer answer = await Answer(context, route);
            if (answer.Refusal is { } refusal)
            {
                await Refuse(context, refusal);
            }
            else if (!context.Response.HasStarted)
            {
                await answers.Send(context, answer.Status, answer.Write);
            }
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await Fail(context, route, e);
        }
    }

    /// <summary>Answers with the refusal's fault.</summary>
    public Task Refuse(HttpContext context, Refusal refusal)
    {
        switch (refusal.Code)
        {
            case RefusalCode.ServiceUnavailable:
                context.Response.Headers.RetryAfter = "1";
                break;
            case RefusalCode.TooManyRequests:
                context.Response.Headers.RetryAfter = CallerRates.RetryAfter(refusal);
                break;
            case RefusalCode.Unauthorized:
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"nova\"";
                break;
            default:
                break;
        }

        return answers.Send(context, Faults.Of(refusal.Code).Status, w => RefusalFaults.Write(w, refusal, context.TraceIdentifier));
    }

    private ValueTask<RateLimitLease> Turn(HttpContext context)
    {
        RateLimitLease lease = gate.AttemptAcquire();
        if (lease.IsAcquired)
        {
            return ValueTask.FromResult(lease);
        }

        lease.Dispose();
        return gate.AcquireAsync(1, context.RequestAborted);
    }

    private async ValueTask<ApiAnswer> Answer(HttpContext context, ApiRoute route)
    {
        Caller caller = default;
        Refusal? refusal = null;
        if (route.Access != Access.Open
            && (!(await callers.Identify(context)).Try(out caller, out refusal)
                || (refusal = rates.Refuses(caller.Holder.Key)) is not null))
        {
            return refusal;
        }

        if (Wrong(caller, route) is { } wrong)
        {
            return wrong;
        }

        if (route.Service is { } service && caller is { Named: true, Project: { } named }
            && await WrongService(context, service, named) is { } elsewhere)
        {
            return elsewhere;
        }

        if (!(await RequestBody.Of(context)).Try(out RequestBody.Read body, out refusal))
        {
            return refusal;
        }

        ProjectId project = caller.Project ?? default;
        return await route.Handler(new ApiRequest(context, project, caller.IsAdmin, new BodyReader(body.Root), body.Key)
        {
            Scope = caller is { IsAdmin: true, Named: false } ? null : project,
        });
    }

    /// <summary>
    /// An admin may read and delete by id without naming a project; what is made or changed is for one.
    /// </summary>
    private static Refusal? Wrong(Caller caller, ApiRoute route) => route.Access switch
    {
        Access.Open => null,
        Access.Admin when !caller.IsAdmin => NoAdmin,
        Access.Member when caller.Holder.Role < Role.Member => NoMember,
        Access.Reader or Access.Member when caller.Project is null
            && !(route.Method == HttpMethod.Get || route.Method == HttpMethod.Delete) => NoProject,
        _ => null,
    };

    /// <summary>
    /// S153: the request's project uses another service than the URL's. Says which URL is the right one.
    /// </summary>
    private async ValueTask<Refusal?> WrongService(HttpContext context, INetworkService service, ProjectId project)
    {
        if (!(await projects.Of(project)).Try(out ProjectView? view, out Refusal? refusal))
        {
            return refusal;
        }

        if (view.Effective == service.Path)
        {
            return null;
        }

        HttpRequest request = context.Request;
        string path = request.Path.ToUriComponent();
        int name = path.IndexOf('/', 1) + 1;
        string right = $"{path.AsSpan(0, name)}{view.Effective.ShortName}{path.AsSpan(name + service.Name.Length)}";
        string url = $"{request.Scheme}://{request.Host}{right}{request.QueryString}";
        return new Refusal(
            RefusalCode.Forbidden,
            $"Project '{project}' uses the network service {view.Effective}, not {service.Path}: "
                + $"the right URL is {url}.",
            Subject: project.Value,
            Details: new Dictionary<string, string> { ["network_service"] = view.Effective.Value, ["url"] = url });
    }

    private Task Fail(HttpContext context, ApiRoute route, Exception exception)
    {
        string? key = RequestTime.Current?.ChosenKey;
        if (RefusalFaults.Of(exception, key) is { } refusal)
        {
            if (key is not null)
            {
                context.Response.Headers[RequestBody.KeyHeader] = key;
            }

            LogUnavailable(route, refusal.Reason);
            return Refuse(context, refusal);
        }

        LogBug(exception, route, context.TraceIdentifier);
        Fault fault = route.Service is null ? Faults.ComputeFault : Faults.PluginFault;
        return answers.Send(context, fault.Status, w => RefusalFaults.WriteBug(w, fault, context.TraceIdentifier));
    }
}
