using Microsoft.Extensions.Configuration;
using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Loading;

public sealed class NetworkServiceLocationsTests
{
    [Fact]
    [Trait("seed", "S45"), Trait("seed", "S49")]
    public void The_three_options_go_before_everything_else()
    {
        IConfiguration options = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["network_service_conf"] = "/srv/list.conf",
            ["network_service_path"] = "/srv/services",
            ["default_network_service"] = "acme.net.good",
        }).Build();
        NetworkServiceLocations read = NetworkServiceLocations.From(options);
        Assert.Equal(
            ("/srv/list.conf", "/srv/services", "acme.net.good"),
            (read.ConfigurationFile, read.ServicesFolder, read.DefaultService.Value));
    }

    [Fact]
    [Trait("seed", "S50")]
    public void The_systems_list_is_read_where_there_is_one_and_else_the_sample()
    {
        Assert.Equal("/etc/nova/nova-network.conf", NetworkServiceLocations.SystemConfigurationFile);
        string folder = Directory.CreateTempSubdirectory("nova-services-").FullName;
        try
        {
            string system = Path.Combine(folder, "system.conf");
            string sample = Path.Combine(folder, "network-services", "nova-network.conf");
            Directory.CreateDirectory(Path.GetDirectoryName(sample)!);
            File.WriteAllText(sample, "nova.network.vlan\n");
            Assert.Equal(sample, NetworkServiceLocations.Default(folder, system).ConfigurationFile);
            File.WriteAllText(system, "nova.network.flat\n");
            Assert.Equal(system, NetworkServiceLocations.Default(folder, system).ConfigurationFile);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
