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
    private static readonly SiloStatus[] s_twoActive = [SiloStatus.Active, SiloStatus.Active];
    private static readonly ProjectId s_blue = ProjectId.Parse("blue");

    /// <summary>A busy machine is slow; what took how long is printed.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(60);

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

        await grains.GetGrain<IProjectListGrain>(0).Add(s_blue);
        await one.StopAsync();
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal([s_blue], await grains.GetGrain<IProjectListGrain>(0).List());
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
        IProjectListGrain moved = await SomeGrainOn(first, grains);

        await victim.Kill();
        Stopwatch watch = Stopwatch.StartNew();
        await Poll.Until(
            () => Holds(async () => (await moved.List()).SequenceEqual([s_blue])), "a grain of the dead silo answers", s_long);
        output.WriteLine($"a grain of the dead silo answered {watch.Elapsed.TotalSeconds:F1} s after kill -9");
        await Poll.Until(
            () => Holds(async () => IsDead(first, await Hosts(grains, onlyActive: false))), "it is declared dead", s_long);
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
        // The silo answers from what it last read of the table, which may be a moment old.
        await Poll.Until(
            async () => (await Hosts(client.Get<IGrainFactory>(), onlyActive: false))
                .OrderBy(h => h.Key.Generation).Select(h => h.Value).SequenceEqual([SiloStatus.Dead, SiloStatus.Active]),
            "the one before is dead and this one active", s_long);
        await client.StopAsync();
    }

    private static bool IsDead(SiloEndpoints endpoints, Dictionary<SiloAddress, SiloStatus> hosts) =>
        hosts.Any(h => h.Key.Endpoint.Port == endpoints.SiloPort && h.Value == SiloStatus.Dead);

    private static Task BothActive(IGrainFactory grains) => Poll.Until(
        () => Holds(async () => s_twoActive.SequenceEqual((await Hosts(grains)).Values)), "both are active", s_long);

    /// <summary>Tries grains until one has its activation there; each keeps a project.</summary>
    private static async Task<IProjectListGrain> SomeGrainOn(SiloEndpoints endpoints, IGrainFactory grains)
    {
        for (int key = 0; key < 200; key++)
        {
            IProjectListGrain list = grains.GetGrain<IProjectListGrain>(key);
            await list.Add(s_blue);
            SiloAddress? at = await grains.GetGrain<IManagementGrain>(0).GetActivationAddress(list);
            if (at?.Endpoint.Port == endpoints.SiloPort)
            {
                return list;
            }
        }

        throw new InvalidOperationException("none of 200 grains was placed on one of two silos");
    }

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
