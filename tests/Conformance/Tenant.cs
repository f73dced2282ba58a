using System.Text.Json.Nodes;
using System.Xml.Linq;
using NovaOrleans.Instances;
using NovaOrleans.Projects;
using NovaOrleans.Vnics;

namespace NovaOrleans.Conformance;

/// <summary>A project that uses the plug-in, and what its file says of making networks, filled with the project's words.</summary>
internal sealed class Tenant
{
    private readonly Trial _trial;
    private readonly Dictionary<string, string> _words;

    private Tenant(Trial trial, ProjectId project, int number)
    {
        (_trial, Project) = (trial, project);
        _words = new Dictionary<string, string>
        {
            ["n"] = number.ToString(CultureInfo.InvariantCulture),
            ["project"] = project.Value,
            ["host"] = TrialHost.Name,
        };
    }

    public ProjectId Project { get; }

    /// <summary>Ids of the instances that were launched.</summary>
    public List<InstanceId> Guests { get; } = [];

    private ConformanceFile Script => _trial.PlugIn.Script;

    public static async Task<Tenant> Create(Trial trial, int number)
    {
        var project = ProjectId.Parse($"tenant-{number}");
        IProjectGrain grain = trial.Server.Client.GetGrain<IProjectGrain>(project.Value);
        BrokenPromiseException.Given(await grain.Create(null, "conformance"), "the project");
        BrokenPromiseException.Given(
            await grain.SetNetworkService(trial.PlugIn.Path, false, "conformance"), "the association of project and service");
        return new Tenant(trial, project, number);
    }

    /// <summary>Makes a network as the file says; the answers, in order.</summary>
    public Task<IReadOnlyList<Reply>> Make(bool xml = false, string? key = null) => Follow(Script.Make, xml, key);

    public Task<IReadOnlyList<Reply>> Remove(bool xml = false) => Follow(Script.Remove, xml, key: null);

    /// <summary>Asks for something of the service's own; the path is below its prefix.</summary>
    public Task<Reply> Ask(string ask, string? body = null, bool xml = false, string? key = null)
    {
        string[] words = Filled(ask).Split(' ', 2);
        return _trial.Ask(new Question(Project, $"{words[0]} {_trial.PlugIn.Path.ShortName}/{words[1]}", body) { Xml = xml, Key = key });
    }

    /// <summary>One request of the file; <paramref name="key"/> makes it one that may be repeated.</summary>
    public async Task<Reply> Ask(ConformanceFile.Request request, bool xml = false, string? key = null)
    {
        string? body = (request.Body, request.Xml, xml) switch
        {
            (_, { } given, true) => Filled(given),
            ({ } json, _, true) => Filled(ToXml(json)),
            ({ } json, _, false) => Filled(json.ToJsonString()),
            _ => null,
        };
        Reply reply = await Ask(request.Ask, body, xml, key);
        bool good = request.Status is { } status ? reply.Status == status : reply.IsGood;
        BrokenPromiseException.Unless(
            good, $"{reply}; {ConformanceFile.FileName} says {request.Status?.ToString(CultureInfo.InvariantCulture) ?? "2xx"}"
                + (_trial.Server.Errors.Text is { Length: > 0 } log && reply.Status >= 500 ? $"; the server's log: {log}" : ""));
        if (request.Keep is { } word)
        {
            _words[word] = reply.Id ?? throw new BrokenPromiseException($"{reply}: it has no id that '{word}' could stand for");
        }

        return reply;
    }

    public string Filled(string text) =>
        _words.Aggregate(text, (t, w) => t.Replace($"{{{w.Key}}}", w.Value, StringComparison.Ordinal));

    /// <summary>A new VNIC for a launch that names none; it must be had.</summary>
    public async Task<VnicId> Launch()
    {
        var id = VnicId.New();
        return BrokenPromiseException.Given(await _trial.Os.GetDefaultVnicId(Project, id), "get_default_vnic_id");
    }

    public Task<Outcome> Bind(params VnicId[] vnics) => _trial.Os.BindVnicsToPorts(Project, vnics);

    public async Task<IReadOnlyList<VnicView>> Cards() =>
        await _trial.Server.Query.Vnics(_trial.PlugIn.Path, Project, new Page());

    /// <summary>The card as it is; one that is not there is the plug-in's fault.</summary>
    public async Task<VnicView> Card(VnicId vnic) => await _trial.Server.Query.VnicsById([vnic]) is [{ } card]
        ? card : throw new BrokenPromiseException($"VNIC {vnic} was given for a launch and is not there");

    public async Task DeleteCard(VnicId vnic) => BrokenPromiseException.Done(
        await _trial.Server.Client.GetGrain<IVnicGrain>(vnic.Value).Delete(Project, "conformance"), $"deleting VNIC {vnic}");

    /// <summary>An instance on the trial's host, launched as a 2011 client does: without VNICs.</summary>
    public async Task<InstanceId> LaunchGuest()
    {
        Reply reply = await _trial.Ask(new Question(
            Project, "POST servers", $$$"""{"server":{"name":"vm","host":"{{{TrialHost.Name}}}"}}"""));
        BrokenPromiseException.Unless(reply.Status == 202, reply.ToString());
        var id = new InstanceId(Guid.Parse(reply.Id!));
        Guests.Add(id);
        return id;
    }

    /// <summary>Null where it is gone.</summary>
    public async Task<InstanceView?> Instance(InstanceId id) =>
        (await _trial.Server.Client.GetGrain<IInstanceGrain>(id.Value).Describe()).Try(out InstanceView? view, out _)
        && view.Status != InstanceStatus.Deleted ? view : null;

    public async Task DeleteGuests()
    {
        foreach (InstanceId guest in Guests)
        {
            BrokenPromiseException.Done(
                await _trial.Server.Client.GetGrain<IInstanceGrain>(guest.Value).Delete(Project, "conformance"), "deleting an instance");
        }
    }

    /// <summary>As docs/api.md says of bodies: a field is an attribute, an object or list an element.</summary>
    public static string ToXml(JsonNode json)
    {
        (string name, JsonNode? value) = json.AsObject().Single();
        return Element(name, value).ToString();
    }

    private static XElement Element(string name, JsonNode? value) => value switch
    {
        JsonObject fields => new XElement(name, fields.Where(f => f.Value is not null).Select(f => (object)(
            f.Value is JsonValue ? new XAttribute(f.Key, f.Value.ToString()) : Element(f.Key, f.Value)))),
        JsonArray items => new XElement(name, items.Select(i => Element(name.TrimEnd('s'), i))),
        _ => new XElement(name, value?.ToString()),
    };

    private async Task<IReadOnlyList<Reply>> Follow(IReadOnlyList<ConformanceFile.Request> requests, bool xml, string? key)
    {
        var replies = new List<Reply>();
        foreach (ConformanceFile.Request request in requests)
        {
            replies.Add(await Ask(request, xml, key is null ? null : $"{key}-{replies.Count}"));
        }

        return replies;
    }
}
