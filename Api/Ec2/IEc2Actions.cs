using NovaOrleans.Ec2;

namespace NovaOrleans.Api.Ec2;

/// <summary>One action: reads its parameters, calls grains, answers.</summary>
internal delegate Task<Ec2Answer> Ec2Action(Ec2Call call);

/// <summary>A group of EC2's actions, by their names.</summary>
internal interface IEc2Actions
{
    /// <summary>Each with the role that the key must have at least.</summary>
    IEnumerable<(string Name, Role Least, Ec2Action Action)> Actions();
}

/// <summary>A signed request: for which project, and what it says.</summary>
internal sealed record Ec2Call(HttpContext Context, ProjectId Project, Ec2Parameters Parameters)
{
    /// <summary>Who is written into the history.</summary>
    public string Actor => Project.Value;

    /// <summary>Of what is made by an action that takes no token of the caller's: a repeat behind the facade finds it.</summary>
    public RequestKey Key { get; } = new(RequestKey.Chosen(), "");

    public static Ec2Call Of(HttpContext context, Ec2Key key, Ec2Parameters parameters) =>
        new(context, key.Project, parameters);
}
