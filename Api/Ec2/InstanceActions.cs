using System.Xml.Linq;
using NovaOrleans.Api.Catalogue;
using NovaOrleans.Api.Servers;
using NovaOrleans.Ec2;
using NovaOrleans.Instances;

namespace NovaOrleans.Api.Ec2;

/// <summary>Launching, showing and ending instances (S14, S55, S85).</summary>
internal sealed class InstanceActions(
    IGrainFactory grains, ServerCreation creation, Ec2Instances instances, Ec2Groups groups, MachineCatalogue catalogue)
    : IEc2Actions
{
    private static readonly Dictionary<string, Func<Ec2Instance, IEnumerable<string?>>> Filters = new()
    {
        ["instance-id"] = i => [i.Id],
        ["instance-state-name"] = i => [Ec2Instance.StateOf(i.View.Status).Name],
        ["instance-state-code"] = i => [$"{Ec2Instance.StateOf(i.View.Status).Code}"],
        ["instance-type"] = i => [i.Type],
        ["image-id"] = i => [i.ImageId],
        ["reservation-id"] = i => [i.Reservation],
        ["group-name"] = i => i.Groups.Select(g => g.Name),
        ["key-name"] = i => [i.View.Launch.KeyName],
        ["private-ip-address"] = i => [i.PrivateAddress],
        ["ip-address"] = i => [i.PublicAddress],
        ["availability-zone"] = _ => [Ec2Instance.Zone],
        ["tag:Name"] = i => [i.View.Name],
    };

    public IEnumerable<(string Name, Role Least, Ec2Action Action)> Actions() =>
    [
        ("RunInstances", Role.Member, Run), ("DescribeInstances", Role.Reader, Describe), ("TerminateInstances", Role.Member, Terminate),
    ];

    private async Task<Ec2Answer> Run(Ec2Call call)
    {
        (ServerBody body, RequestKey? key, IReadOnlyList<string> ids) = LaunchReader.Read(call, catalogue);
        if (call.Parameters.Faults() is { } fault)
        {
            return fault;
        }

        (IReadOnlyList<string> names, Ec2Fault? unknown) = await groups.NamesOf(call.Project, body.SecurityGroups, ids);
        if (unknown is not null)
        {
            return unknown;
        }

        var request = new ApiRequest(call.Context, call.Project, isAdmin: false, new BodyReader(BodyNode.EmptyObject), key);
        if (!(await creation.Create(request, body with { SecurityGroups = names }))
            .Try(out IReadOnlyList<InstanceView>? made, out Refusal? refusal))
        {
            // Its id comes from the token, and a deleted instance's id is not used again.
            return key is not null && refusal is { Code: RefusalCode.Conflict, Field: "id" }
                ? Ec2Fault.Of(refusal) with { Code = "IdempotentInstanceTerminated" }
                : refusal;
        }

        IReadOnlyList<Ec2Instance> shown = await instances.Describe(made);
        return Ec2Answer.Of([.. Reservation(shown).Cast<XElement>()]);
    }

    private async Task<Ec2Answer> Describe(Ec2Call call)
    {
        IReadOnlyList<string> ids = call.Parameters.List("InstanceId");
        Ec2Filters<Ec2Instance> filters = Ec2Filters<Ec2Instance>.Read(call.Parameters, Filters);
        int limit = call.Parameters.Integer("MaxResults", 1, PageQuery.Longest) ?? PageQuery.Longest;
        string? token = call.Parameters.Optional(
            "NextToken", t => Guid.TryParseExact(t, "D", out _), "the nextToken of the page before");
        if (call.Parameters.Faults() is { } fault)
        {
            return fault;
        }

        IReadOnlyList<InstanceView> found;
        string? next = null;
        if (ids.Count > 0)
        {
            (found, Ec2Fault? missing) = await instances.Find(call.Project, ids);
            if (missing is not null)
            {
                return missing;
            }
        }
        else
        {
            found = await instances.Page(call.Project, new Page(limit, token is null ? null : Guid.Parse(token)));
            next = found.Count == limit ? found[^1].Id.ToString() : null;
        }

        IEnumerable<Ec2Instance> shown = (await instances.Describe(found)).Where(filters.Shows);
        XElement reservations = Ec2Answer.List("reservationSet", shown.GroupBy(i => i.Reservation).Select(Reservation));
        return next is null ? Ec2Answer.Of(reservations) : Ec2Answer.Of(reservations, new XElement("nextToken", next));
    }

    private async Task<Ec2Answer> Terminate(Ec2Call call)
    {
        IReadOnlyList<string> ids = call.Parameters.List("InstanceId");
        if (ids.Count == 0)
        {
            call.Parameters.Reject(Ec2Fault.Missing("InstanceId.1"));
        }

        if (call.Parameters.Faults() is { } fault)
        {
            return fault;
        }

        // All of them are looked for before one goes.
        (IReadOnlyList<InstanceView> found, Ec2Fault? missing) = await instances.Find(call.Project, ids);
        if (missing is not null)
        {
            return missing;
        }

        foreach (InstanceView instance in found.Where(i => i.Status != InstanceStatus.Deleted))
        {
            Outcome gone = await grains.GetGrain<IInstanceGrain>(instance.Id.Value).Delete(call.Project, call.Actor);
            if (gone.Refused)
            {
                return gone.Refusal;
            }
        }

        return Ec2Answer.Of(Ec2Answer.List("instancesSet", found.Select(Ending)));
    }

    private static object Ending(InstanceView instance) => new object[]
    {
        new XElement("instanceId", Ec2Ids.Of(Ec2Ids.Instance, instance.RowId)),
        Ec2Instance.State(
            "currentState", instance.Status == InstanceStatus.Deleted ? InstanceStatus.Deleted : InstanceStatus.Deleting),
        Ec2Instance.State("previousState", instance.Status),
    };

    private static object[] Reservation(IEnumerable<Ec2Instance> instances)
    {
        Ec2Instance[] all = [.. instances];
        return
        [
            new XElement("reservationId", all[0].Reservation),
            new XElement("ownerId", all[0].View.Project.Value),
            Ec2Answer.List("groupSet", all.SelectMany(i => i.Groups).Distinct().Select(Ec2Instance.Group)),
            Ec2Answer.List("instancesSet", all.Select(i => i.Content())),
        ];
    }
}
