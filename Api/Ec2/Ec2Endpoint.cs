using System.Threading.RateLimiting;
using NovaOrleans.Api.Callers;
using NovaOrleans.Api.Ec2.Signing;
using NovaOrleans.Api.Requests;
using NovaOrleans.Ec2;

namespace NovaOrleans.Api.Ec2;

/// <summary>
/// EC2's Query API: one path, the action in a parameter, answers and faults in EC2's XML. Every request is signed with a key of
/// a project, and acts for that project alone.
/// </summary>
internal sealed partial class Ec2Endpoint
{
    public const string Path = "/services/Cloud";

    private const string DefaultVersion = "2016-11-15";

    private static readonly Ec2Fault Busy =
        new("RequestLimitExceeded", "Too many requests are in flight and waiting; repeat this one in a second.", 503);

    private readonly Ec2Signatures _signatures;
    private readonly CallerRates _rates;
    private readonly RateLimiter _gate;
    private readonly ILogger<Ec2Endpoint> _log;
    private readonly Dictionary<string, (Role Least, Ec2Action Action)> _actions;

    public Ec2Endpoint(
        IEnumerable<IEc2Actions> actions, Ec2Signatures signatures, CallerRates rates, RateLimiter gate, ILogger<Ec2Endpoint> log)
    {
        (_signatures, _rates, _gate, _log) = (signatures, rates, gate, log);
        _actions = actions.SelectMany(a => a.Actions()).ToDictionary(a => a.Name, a => (a.Least, a.Action));
        if (_actions.FirstOrDefault(a => a.Value.Least == Role.None) is { Key: { } open })
        {
            throw new InvalidOperationException($"EC2's {open} does not say which role it needs.");
        }
    }

    /// <summary>The actions, each with the role that it needs.</summary>
    public IReadOnlyDictionary<string, Role> Actions => _actions.ToDictionary(a => a.Key, a => a.Value.Least);

    public async Task Run(HttpContext context)
    {
        try
        {
            using RateLimitLease turn = await _gate.AcquireAsync(1, context.RequestAborted);
            if (!turn.IsAcquired)
            {
                context.Response.Headers.RetryAfter = "1";
                await Refuse(context, Busy);
                return;
            }

            await Serve(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
    }

    private async Task Serve(HttpContext context)
    {
        try
        {
            (Ec2Message? message, Ec2Fault? fault) = await Ec2Message.Read(context);
            await (message is null ? Refuse(context, fault!) : Serve(context, message));
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            if (RefusalFaults.Of(e) is { } refusal)
            {
                LogUnavailable(refusal.Reason);
                await Refuse(context, Ec2Fault.Of(refusal));
                return;
            }

            LogBug(e, context.TraceIdentifier);
            await Refuse(context, new Ec2Fault(
                "InternalError", $"The request failed; the server's log has it under request id {context.TraceIdentifier}.", 500));
        }
    }

    private async Task Serve(HttpContext context, Ec2Message message)
    {
        // Before anything of it is looked at: who has no key learns nothing of what there is.
        (Ec2Key? key, Ec2Fault? fault) = await _signatures.Check(message.Signed);
        if (key is null)
        {
            await Refuse(context, fault!);
            return;
        }

        if (_rates.Refuses(key.AccessKey) is { } tooFast)
        {
            context.Response.Headers.RetryAfter = CallerRates.RetryAfter(tooFast);
            await Refuse(context, Ec2Fault.Of(tooFast));
            return;
        }

        Ec2Parameters parameters = new(message.Parameters);
        string action = parameters.Text("Action") ?? "";
        string version = parameters.Optional("Version", IsVersion, "a date, as in 2016-11-15") ?? DefaultVersion;
        if (!_actions.TryGetValue(action, out (Role Least, Ec2Action Action) act))
        {
            await Refuse(context, action.Length == 0 ? Ec2Fault.Missing("Action") : new Ec2Fault(
                "InvalidAction", $"There is no action '{BodyText.Shown(action)}'; there are {string.Join(", ", _actions.Keys.Order())}."));
            return;
        }

        if (key.Role < act.Least)
        {
            await Refuse(context, new Ec2Fault(
                "UnauthorizedOperation", $"The key's role is {key.Role}, and {action} needs {act.Least}.", 403));
            return;
        }

        if (parameters.Flag("DryRun"))
        {
            await Refuse(context, Ec2Fault.Unsupported("Parameter 'DryRun' was 'true'; nothing is tried here without being done."));
            return;
        }

        Ec2Answer answer = await act.Action(Ec2Call.Of(context, key, parameters));
        await (answer.Fault is { } refused
            ? Refuse(context, refused)
            : Send(context, 200, answer.Document(action, version, context.TraceIdentifier)));
    }

    private static Task Refuse(HttpContext context, Ec2Fault fault) =>
        Send(context, fault.Status, Ec2Answer.Document(fault, context.TraceIdentifier));

    private static async Task Send(HttpContext context, int status, byte[] document)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml;charset=UTF-8";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }

    private static bool IsVersion(string text) =>
        text.Length == 10 && text[4] == '-' && text[7] == '-' && text.Count(char.IsAsciiDigit) == 8;

    [LoggerMessage(1, LogLevel.Warning, "an EC2 request could not be answered: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(2, LogLevel.Error, "an EC2 request failed with a bug, request {RequestId}")]
    private partial void LogBug(Exception exception, string requestId);
}
