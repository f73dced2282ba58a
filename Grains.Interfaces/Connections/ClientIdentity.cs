using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Outcomes;

namespace NovaOrleans.Connections;

/// <summary>
/// Gives an Orleans client an id that says who it is: <c>host:web1:…</c> instead of a random one. The gateway holds it against the
/// certificate, so that every silo can tell by a call's sender who asks (docs/decisions/0039-a-call-is-tied-to-its-connection.md).
/// Orleans has no option for it, so its own object is made as it makes it and then told another id. Where a later version of
/// Orleans has no such object, a client does not start, and nobody is let in by mistake.
/// </summary>
internal static class ClientIdentity
{
    private static readonly Type? s_details = typeof(IClusterClient).Assembly.GetType("Orleans.LocalClientDetails")
        ?? typeof(Orleans.Runtime.Messaging.ConnectionFrameHelper).Assembly.GetType("Orleans.LocalClientDetails");

    private static readonly FieldInfo? s_id =
        s_details?.GetField("<ClientId>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic);

    private static readonly MethodInfo? s_make =
        s_id?.FieldType.GetMethod("Create", BindingFlags.Static | BindingFlags.Public, [typeof(string)]);

    public static void Take(IServiceCollection services, Peer self)
    {
        if (s_details is null || s_id is null || s_make is null)
        {
            throw new OperatingFaultException(
                "This version of Orleans gives its clients ids in another way than the one that NovaOrleans was built with.",
                mayRetry: false);
        }

        services.AddSingleton(s_details, provider =>
        {
            object details = ActivatorUtilities.CreateInstance(provider, s_details);
            s_id.SetValue(details, s_make.Invoke(null, [$"{self.ClientPrefix}{Guid.CreateVersion7():N}"]));
            return details;
        });
    }
}
