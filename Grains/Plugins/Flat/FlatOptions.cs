using Microsoft.Extensions.Configuration;
using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.Flat;

/// <summary>What an operator sets for the service: the defaults of its networks.</summary>
public sealed record FlatOptions(NetworkDefaults Networks)
{
    /// <exception cref="FormatException">A key is unknown or its value is not accepted.</exception>
    public static FlatOptions Read(IConfiguration section) =>
        ServiceOptions.Read(section, body => new FlatOptions(ServiceOptions.Defaults(body)));
}
