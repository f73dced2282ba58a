using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Projects;
using NovaOrleans.Silo.Hosting;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;
using Xunit.Abstractions;

namespace NovaOrleans.Membership;

/// <summary>Silos that find each other, and are found, by nothing but the database.</summary>
public sealed class ClusterTests(ITestOutputHelper output)
{
    private static readonly SiloStatus[] TwoActive = [SiloStatus.Active, SiloStatus.Active];

    [Fact]
    public async Task Two_silos_join_a_client_finds_both_and_one_that_stops_is_missed_by_nobody()
    {
        string database = await Member.Database();
        using IHost one = await Member.StartSilo(database, Member.FreeEndpoints());
        using IHost two = await Member.StartSilo(database, Member.FreeEndpoints());
        using IHost client = await Member.StartClient(database);
        IGrainFactory grains = client.Get<IGrainFactory>();
        await BothActive(grains);
        Assert.Equal(2, (await client.Get<Orleans.Messaging.IGatewayListProvider>().GetGateways()).Count);

        await grains.GetGrain<IProjectListGrain>(0).Add(ProjectId.Parse("blue"));
        await one.StopAsync();
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal([ProjectId.Parse("blue")], await grains.GetGrain<IProjectListGrain>(0).List());
        output.WriteLine($"the first answer after an orderly stop took {watch.ElapsedMilliseconds} ms");
        Assert.Equal([SiloStatus.Active], (await Hosts(grains)).Values);
        await client.StopAsync();
        await two.StopAsync();
    }

    [Fact]
    public async Task A_killed_silo_is_declared_dead_and_the_other_serves_its_grains()
    {
        string database = await Member.Database();
        SiloEndpoints first = Member.FreeEndpoints();
        await using SiloProcess survivor = await SiloProcess.Start(database, Member.FreeEndpoints(), output);
        await using SiloProcess victim = await SiloProcess.Start(database, first, output);
        using IHost client = await Member.StartClient(database);
        IGrainFactory grains = client.Get<IGrainFactory>();
        await BothActive(grains);
        await grains.GetGrain<IProjectListGrain>(0).Add(ProjectId.Parse("blue"));

        await victim.Kill();
        Stopwatch watch = Stopwatch.StartNew();
        await Poll.Until(() => Holds(async () => (await grains.GetGrain<IProjectListGrain>(0).List()).Count == 1), 60);
        output.WriteLine($"the list of projects answered {watch.Elapsed.TotalSeconds:F1} s after kill -9 of one of two silos");
        await Poll.Until(() => Holds(async () => IsDead(first, await Hosts(grains, onlyActive: false))), 60);
        output.WriteLine($"it was declared dead after {watch.Elapsed.TotalSeconds:F1} s");
        Assert.Equal([ProjectId.Parse("blue")], await grains.GetGrain<IProjectListGrain>(0).List());
        await client.StopAsync();
    }

    [Fact]
    public async Task A_silo_that_was_killed_comes_back_on_its_endpoint_in_seconds()
    {
        string database = await Member.Database();
        SiloEndpoints endpoints = Member.FreeEndpoints();
        await using (SiloProcess first = await SiloProcess.Start(database, endpoints, output))
        {
            await first.Kill();
        }

        Stopwatch watch = Stopwatch.StartNew();
        await using SiloProcess second = await SiloProcess.Start(database, endpoints, output);
        output.WriteLine($"the silo was back {watch.Elapsed.TotalSeconds:F1} s after kill -9, the process's start included");
        using IHost client = await Member.StartClient(database);
        Dictionary<SiloAddress, SiloStatus> hosts = await Hosts(client.Get<IGrainFactory>(), onlyActive: false);
        Assert.Equal([SiloStatus.Dead, SiloStatus.Active], hosts.OrderBy(h => h.Key.Generation).Select(h => h.Value));
        await client.StopAsync();
    }

    private static bool IsDead(SiloEndpoints endpoints, Dictionary<SiloAddress, SiloStatus> hosts) =>
        hosts.Any(h => h.Key.Endpoint.Port == endpoints.SiloPort && h.Value == SiloStatus.Dead);

    private static Task BothActive(IGrainFactory grains) => Poll.Until(
        () => Holds(async () => TwoActive.SequenceEqual((await Hosts(grains)).Values)), seconds: 60);

    private static Task<Dictionary<SiloAddress, SiloStatus>> Hosts(IGrainFactory grains, bool onlyActive = true) =>
        grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive);

    /// <summary>As the facade does: an outcome that is not known is asked for again.</summary>
    private static async Task<bool> Holds(Func<Task<bool>> question)
    {
        try
        {
            return await question();
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return false;
        }
    }
}
