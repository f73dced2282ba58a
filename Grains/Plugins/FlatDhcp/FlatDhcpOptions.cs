using Microsoft.Extensions.Configuration;
using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.FlatDhcp;

/// <summary>What an operator sets for the service: the defaults of its networks.</summary>
public sealed record FlatDhcpOptions(NetworkDefaults Networks)
{
    /// <exception cref="FormatException">A key is unknown or its value is not accepted.</exception>
    public static FlatDhcpOptions Read(IConfiguration section) =>
        ServiceOptions.Read(section, body => new FlatDhcpOptions(ServiceOptions.Defaults(body)));
}
