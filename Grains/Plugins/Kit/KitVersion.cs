using System.Reflection;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>The version that a built-in service tells: its assembly's.</summary>
public static class KitVersion
{
    public static string Of(INetworkService service) =>
        service.GetType().Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0]
        ?? "0";
}
