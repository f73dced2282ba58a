using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Loading;

public sealed class NetworkServiceManagerTests : IDisposable
{
    private readonly PluginFolder _folder = new();
    private readonly NetworkServiceManager _manager;

    public NetworkServiceManagerTests()
    {
        _folder.Compile("acme.net.good", PluginFolder.Service("acme.net.good"));
        _folder.Compile("acme.net.better", PluginFolder.Service("acme.net.better"));
        _folder.Compile("acme.net.old", PluginFolder.Service("acme.net.old", contract: "77"));
        _folder.List("acme.net.good", "acme.net.better", "acme.net.old");
        LoadedNetworkServices loaded = NetworkServiceLoader.Load(_folder.Configuration, _folder.Root);
        _manager = new NetworkServiceManager(loaded, NetworkServiceLocations.SystemDefaultService, _ => null!);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("seed", "S95"), Trait("seed", "S97"), Trait("seed", "S98"), Trait("seed", "S99")]
    public void The_file_is_read_once_and_the_same_instance_is_given_on_every_call()
    {
        INetworkService first = _manager.Get(ServicePath.Parse("acme.net.good")).Value;
        _folder.List("acme.net.other");
        Directory.Delete(Path.Combine(_folder.Root, "acme.net.better"), recursive: true);
        Assert.Same(first, _manager.Get(ServicePath.Parse("acme.net.good")).Value);
        Assert.Same(first, _manager.Find("good").Value);
        Assert.Equal(["good", "better"], _manager.List().Select(s => s.Name));
    }

    [Theory]
    [InlineData("goood", "There is no network service 'goood'; did you mean good?")]
    [InlineData("acme.net.beter", "There is no network service 'acme.net.beter'; did you mean acme.net.better?")]
    [InlineData("bet", "There is no network service 'bet'; did you mean better?")]
    [InlineData("flat", "There is no network service 'flat'; loaded are: acme.net.good, acme.net.better.")]
    [InlineData("", "There is no network service ''; loaded are: acme.net.good, acme.net.better.")]
    [Trait("seed", "S48"), Trait("seed", "S149"), Trait("seed", "S150")]
    public void An_unknown_name_is_refused_with_what_is_near(string asked, string sentence)
    {
        Refusal? refusal = _manager.Find(asked).Refusal;
        Assert.Equal((RefusalCode.NoSuchNetworkService, sentence), (refusal?.Code, refusal?.Reason));
    }

    [Theory]
    [InlineData("old")]
    [InlineData("acme.net.old")]
    public void A_listed_service_that_was_not_loaded_says_why(string asked)
    {
        string? reason = _manager.Find(asked).Refusal?.Reason;
        Assert.Contains("version 77 of the plug-in contract", reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("seed", "S46")]
    public void The_default_is_vlan_also_where_it_is_not_loaded() =>
        Assert.Equal("nova.network.vlan", _manager.Default.Value);
}
