using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NovaOrleans.Testing;
using NovaOrleans.Testing.Clusters;
using Npgsql;
using Xunit.Abstractions;

namespace NovaOrleans.Systems.Clusters;

/// <summary>
/// A cluster in use, whose processes end one after the other: in order, by a kill, and by being frozen until the others have given
/// them up. Nobody sees an error.
/// </summary>
[Trait("tier", "cluster")]
public sealed class RollingRestartTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>Orleans' SiloStatus, as the table has it.</summary>
    private const int Active = 3;

    private NovaCluster _cluster = null!;
    private SteadyLoad _load = null!;

    public async Task InitializeAsync()
    {
        _cluster = await NovaCluster.Start(new ClusterPlan { Silos = 3, Facades = 2 });
        try
        {
            _load = await SteadyLoad.Start(_cluster.Http, users: 4);
        }
        catch
        {
            // A test that is not begun is not disposed of.
            await _cluster.DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        await _load.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task No_call_fails_while_silos_restart_are_killed_and_are_given_up_one_after_another()
    {
        await LoadGoesOn();
        foreach (ClusterProcess silo in _cluster.Silos)
        {
            long begun = Stopwatch.GetTimestamp();
            await silo.StopGracefully();
            Assert.Contains("up to date", await _cluster.SyncSchema(), StringComparison.Ordinal);
            TimeSpan ended = Stopwatch.GetElapsedTime(begun);
            Assert.Equal(0, silo.ExitCode);
            await silo.Start();
            Told($"{silo.Name} ended in {ended.TotalSeconds:0.0} s and was back after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
            await LoadGoesOn();
        }

        NoneFailed("rolling restart of three silos");

        await _cluster.Silos[0].Kill();
        await _cluster.Silos[0].Start();
        await LoadGoesOn();
        NoneFailed("one silo killed and started again");

        await _cluster.Postgres.Restart();
        await LoadGoesOn();
        NoneFailed("PostgreSQL restarted");

        await AFrozenOneEndsByItself(_cluster.Silos[1]);
        NoneFailed("one silo frozen until it was given up");
        await _load.Stop();
        await AFacadeAnswersWhatItHasBegun(facade: 1);
    }

    private async Task AFacadeAnswersWhatItHasBegun(int facade)
    {
        HeldRequest[] requests = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => HeldRequest.Begin(
            _cluster, facade, "/v1.1/flat/ethernet_cards", $$$"""{"ethernet_card":{"network_id":"{{{_load.Network}}}"}}""")));
        Task stopping = _cluster.Facades[facade].StopGracefully();
        await Poll.Until(() => Refuses(_cluster.Address(facade)), "the facade takes no new connection", TimeSpan.FromMinutes(1));
        Array.ForEach(requests, r => r.Go());
        HttpResponseMessage[] answers = await Task.WhenAll(requests.Select(r => r.Answer));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        await stopping;
        Assert.Equal(0, _cluster.Facades[facade].ExitCode);
    }

    private static async Task<bool> Refuses(Uri address)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(address.Host, address.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>The other two vote it out; when it goes on it is told so, and ends for its supervisor to start it again.</summary>
    private async Task AFrozenOneEndsByItself(ClusterProcess silo)
    {
        silo.Freeze();
        await Poll.Until(GivenUp, "the frozen silo is declared dead", TimeSpan.FromSeconds(40));
        silo.Thaw();
        await silo.UntilEnded(TimeSpan.FromSeconds(20));
        Assert.Equal(75, silo.ExitCode);
        Assert.Single(silo.Said().Split('\n'), l => l.Contains("ends with status 75, to be started again", StringComparison.Ordinal));
        await silo.Start();
        await LoadGoesOn();
    }

    /// <summary>Two of the three members are left: the table says so.</summary>
    private async Task<bool> GivenUp()
    {
        await using NpgsqlConnection open = new(_cluster.Database);
        await open.OpenAsync();
        await using NpgsqlCommand count = new($"select count(*) from orleans_silos where status = {Active}", open);
        return (long)(await count.ExecuteScalarAsync())! == 2;
    }

    private async Task LoadGoesOn()
    {
        int seen = _load.Times.Count;
        await Poll.Until(() => _load.Times.Count > seen + 50, "the load goes on", TimeSpan.FromMinutes(1));
    }

    private void NoneFailed(string what)
    {
        Told($"figure: {what}: {_load.Summary()}");
        if (!_load.Failures.IsEmpty)
        {
            Told(string.Join('\n', _load.Failures.Take(20)));
            Told(_cluster.Logs());
        }

        Assert.Empty(_load.Failures);
    }

    private void Told(string text) => output.WriteLine(text);
}
