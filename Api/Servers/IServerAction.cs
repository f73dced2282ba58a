using NovaOrleans.Instances;

namespace NovaOrleans.Api.Servers;

/// <summary>One thing that can be done to a server: <c>POST /servers/{id}/action</c> with its name as the body's one field.</summary>
internal interface IServerAction
{
    string Name { get; }

    /// <summary>A body, for the document.</summary>
    string Example { get; }

    /// <summary><paramref name="fields"/> are what is under the name; read all, then ask whether they are faulty.</summary>
    Task<ApiAnswer> Act(ApiRequest request, InstanceView instance, BodyReader fields);
}
