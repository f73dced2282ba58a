using NovaOrleans.Api.Servers;
using NovaOrleans.Instances;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.SecurityGroups;

/// <summary>nova's <c>addSecurityGroup</c> and <c>removeSecurityGroup</c>, by the group's name.</summary>
internal abstract class ServerGroupAction(IGrainFactory grains) : IServerAction
{
    public abstract string Name { get; }

    public string Example => $$$"""{"{{{Name}}}": {"name": "web"}}""";

    public async Task<ApiAnswer> Act(ApiRequest request, InstanceView instance, BodyReader fields)
    {
        fields.Require("name", Names.LabelAccepts);
        string? name = fields.Label("name");
        if (fields.Faulty(out Refusal? refusal)
            || !(await grains.GetGrain<ISecurityGroupsGrain>(instance.Project.Value).Resolve([name!]))
                .Try(out IReadOnlyList<SecurityGroupId>? groups, out refusal))
        {
            return refusal;
        }

        Outcome done = await Change(grains.GetGrain<IInstanceGrain>(instance.Id.Value), request, groups[0]);
        return done.Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }

    protected abstract Task<Outcome> Change(IInstanceGrain instance, ApiRequest request, SecurityGroupId group);
}

internal sealed class AddSecurityGroupAction(IGrainFactory grains) : ServerGroupAction(grains)
{
    public override string Name => "addSecurityGroup";

    protected override Task<Outcome> Change(IInstanceGrain instance, ApiRequest request, SecurityGroupId group) =>
        instance.AddSecurityGroup(request.Scope, group, request.Actor);
}

internal sealed class RemoveSecurityGroupAction(IGrainFactory grains) : ServerGroupAction(grains)
{
    public override string Name => "removeSecurityGroup";

    protected override Task<Outcome> Change(IInstanceGrain instance, ApiRequest request, SecurityGroupId group) =>
        instance.RemoveSecurityGroup(request.Scope, group, request.Actor);
}
