using NovaOrleans.Api.Routes;
using NovaOrleans.Instances;

namespace NovaOrleans.Api.Servers;

/// <summary>nova's server actions, each a class of its own.</summary>
internal sealed class ServerActionRoutes(IEnumerable<IServerAction> actions, ServerReader reader) : ICoreRoutes
{
    private readonly IServerAction[] _actions = [.. actions.OrderBy(a => a.Name, StringComparer.Ordinal)];

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Post, $"{ServerResource.Collection}/{{id}}/action", Access.Member, Act,
            new($"Do something to an instance: {string.Join(", ", _actions.Select(a => a.Name))}", _actions[0].Example)),
    ];

    private async Task<ApiAnswer> Act(ApiRequest request)
    {
        string[] given = [.. request.Body.FieldNames];
        if (given.Length != 1 || _actions.FirstOrDefault(a => a.Name == given[0]) is not { } action)
        {
            return new Refusal(
                RefusalCode.MalformedRequest,
                $"The body has {(given.Length == 0 ? "no action" : $"'{BodyText.Shown(string.Join(", ", given))}'")}; "
                    + $"accepted is one of {string.Join(", ", _actions.Select(a => a.Name))}.");
        }

        return (await reader.Find(request)).Try(out InstanceView? instance, out Refusal? refusal)
            ? await action.Act(request, instance, request.Body.Object(action.Name))
            : refusal;
    }
}
